import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { operationsApi } from './api/operations.ts';
import { ROLES, type Route } from './route.ts';
import { SERVICE_APIS, SERVICE_NAMES, SERVICE_PORTS } from './services.ts';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Record<string, JsonSchema>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
}

const inputOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;

/** Whether an object, and every object in it, refuses what it does not name. */
function isStrict(schema: JsonSchema): boolean {
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.anyOf ?? [])];
  if (schema.items) inner.push(schema.items);
  if (typeof schema.additionalProperties === 'object') inner.push(schema.additionalProperties);
  return (schema.type !== 'object' || schema.additionalProperties !== undefined) && inner.every(isStrict);
}

for (const name of SERVICE_NAMES) {
  const routes: readonly Route[] = Object.values(SERVICE_APIS[name]);

  test(`${name}: each method and path is there once, apart from the operations`, () => {
    const all = [...routes, ...Object.values(operationsApi)].map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(all.toSorted(), [...new Set(all)].toSorted());
  });

  test(`${name}: the names in each path are those of its params`, () => {
    for (const { path, params } of routes) {
      const inPath = [...path.matchAll(/:([a-z_]+)/g)].map(([, key]) => String(key));
      const inSchema = params ? Object.keys(inputOf(params).properties ?? {}) : [];
      assert.deepEqual(inSchema.toSorted(), inPath.toSorted(), path);
    }
  });

  test(`${name}: nobody is let in unasked, and somebody is`, () => {
    for (const { path, roles } of routes) {
      assert.ok(roles !== 'public' && roles.length > 0, path);
      assert.ok(roles.every((role) => ROLES.includes(role)));
    }
  });

  test(`${name}: a body refuses what it does not name; reads and deletions have none`, () => {
    for (const { method, path, body } of routes) {
      if (body) assert.ok(isStrict(inputOf(body)), `${method} ${path}`);
      if (method === 'GET' || method === 'DELETE') assert.equal(body, undefined, `${method} ${path}`);
    }
  });
}

test('a viewer changes nothing', () => {
  for (const name of SERVICE_NAMES)
    for (const { method, path, roles } of Object.values(SERVICE_APIS[name]))
      if (method !== 'GET') assert.ok(!roles.includes('viewer'), `${name} ${method} ${path}`);
});

test('each service has a port of its own', () => {
  assert.equal(new Set(Object.values(SERVICE_PORTS)).size, SERVICE_NAMES.length);
});
