import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationsApi, SERVICE_APIS, SERVICE_NAMES } from '@aistock/shared';
import { z } from 'zod';
import { ask, sampleApi, startSample } from '../test/sample-service.ts';
import { openApiDocument } from './openapi.ts';

type Json = Record<string, unknown>;
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { name: string; in: string; required: boolean }[];
  readonly responses: Json;
  readonly security: readonly Json[];
  readonly requestBody?: { required: boolean };
}

function* references(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '$ref') yield String(item);
    else yield* references(item);
  }
}

function resolve(document: Json, reference: string): unknown {
  const [root, ...keys] = reference.split('/');
  assert.equal(root, '#', reference);
  return keys.reduce<unknown>((value, key) => (value as Json | undefined)?.[key], document);
}

function operations(document: Json): [path: string, method: string, operation: Operation][] {
  return Object.entries(document['paths'] as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
        path,
        method,
        operation,
      ]),
  );
}

for (const name of SERVICE_NAMES) {
  test(`${name}: the description is whole`, () => {
    const api = { ...SERVICE_APIS[name], ...operationsApi };
    const document = openApiDocument(name, '1.0.0', api);
    assert.equal(document['openapi'], '3.1.0');
    for (const reference of references(document))
      assert.ok(resolve(document, reference), `${reference} is missing`);
    const all = operations(document);
    assert.equal(all.length, Object.keys(api).length);
    assert.equal(new Set(all.map(([, , { operationId }]) => operationId)).size, all.length);
    for (const [path, method, operation] of all) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      const named = [...path.matchAll(/\{([a-z_]+)\}/g)].map(([, parameter]) => parameter);
      assert.deepEqual(
        inPath.map((parameter) => parameter.name),
        named,
        `${method} ${path}`,
      );
      assert.ok(inPath.every(({ required }) => required));
      assert.ok(Object.keys(operation.responses).every((status) => /^[1-5]\d\d$/.test(status)));
    }
    assert.ok(!JSON.stringify(document).includes('$defs'));
  });
}

test('it says who may call, what goes in, what comes out, and how it fails', () => {
  const document = openApiDocument('sample', '1.0.0', { ...sampleApi, ping: operationsApi.ping });
  const find = (id: string) => operations(document).find(([, , { operationId }]) => operationId === id)?.[2];
  const write = find('write');
  assert.deepEqual(write?.security, [{ bearer: [] }]);
  assert.deepEqual((write as unknown as Json)['x-roles'], ['trader', 'service']);
  assert.equal(write?.requestBody?.required, true);
  assert.ok('201' in write.responses && '400' in write.responses && '503' in write.responses);
  const read = find('read');
  assert.deepEqual(
    read?.parameters.map((parameter) => [parameter.in, parameter.name, parameter.required]),
    [
      ['path', 'name', true],
      ['path', 'instrument', true],
      ['query', 'limit', false],
    ],
  );
  assert.deepEqual(find('ping')?.security, []);
});

test('two different schemas cannot share a name', () => {
  const clash = { ...sampleApi.write, response: z.string().meta({ id: 'Problem' }) };
  assert.throws(() => openApiDocument('x', '1', { clash }), /two schemas have the id Problem/);
});

test('the service serves it', async () => {
  await using service = await startSample();
  const { status, json } = await ask(`${service.url}/openapi.json`);
  assert.equal(status, 200);
  assert.ok('/thing/{name}/{instrument}' in (json['paths'] as Json));
  assert.ok('/metrics' in (json['paths'] as Json));
});
