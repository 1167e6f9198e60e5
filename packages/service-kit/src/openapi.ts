import { Problem, type Api, type Route } from '@aistock/shared';
import { z } from 'zod';

type Json = Record<string, unknown>;

/** The problems that any route may answer, by status. */
const PROBLEMS: Readonly<Record<string, string>> = {
  '400': 'The request is not as described; `fields` says where.',
  '401': 'No known token.',
  '403': 'The role of the token may not do this.',
  '404': 'What the path names does not exist.',
  '409': 'It does not fit the state of things.',
  '413': 'The body is larger than 100 kB.',
  '415': 'The body is not JSON.',
  '429': 'Too many requests.',
  '500': 'Something broke inside.',
  '503': 'Not now: the database or a neighbour is away, or the time is over.',
};

/** The OpenAPI 3.1 description of a service, made from the routes that its server validates with. */
export function openApiDocument(service: string, version: string, api: Api): Json {
  const schemas = new Schemas();
  schemas.add(Problem, 'output');
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(api)) {
    const path = route.path.replace(/:([a-z_]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: `AIStock ${service}`, version, license: { name: 'MIT', identifier: 'MIT' } },
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, description]) => [`Problem${status}`, problem(description)]),
      ),
    },
  };
}

function problem(description: string): Json {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, content: { 'application/problem+json': { schema } } };
}

function operation(name: string, route: Route, schemas: Schemas): Json {
  const success = { schema: schemas.add(route.response, 'output') };
  const contentType = route.contentType ?? (route.path === '/metrics' ? 'text/plain' : 'application/json');
  const problems = Object.keys(PROBLEMS).filter(
    (status) => route.roles !== 'public' || !['401', '403', '429'].includes(status),
  );
  return {
    operationId: name,
    summary: route.summary,
    ...(route.roles === 'public'
      ? { security: [] }
      : { security: [{ bearer: [] }], 'x-roles': [...route.roles] }),
    parameters: [...parameters('path', route.params, schemas), ...parameters('query', route.query, schemas)],
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: schemas.add(route.body, 'input') } },
      },
    }),
    responses: {
      [route.successStatus ?? 200]: { description: 'Done.', content: { [contentType]: success } },
      ...Object.fromEntries(
        problems.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
      ),
    },
  };
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined, schemas: Schemas): Json[] {
  if (!schema) return [];
  const json = schemas.add(schema, 'input');
  const required = (json['required'] ?? []) as string[];
  const named = Object.entries((json['properties'] ?? {}) as Record<string, Json>).map(
    ([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
    }),
  );
  if (named.length > 0) return named;
  return [{ name: 'query', in: place, required: false, style: 'form', explode: true, schema: json }];
}

const LOCAL = '#/$defs/';
const SHARED = '#/components/schemas/';

/** JSON Schemas of zod schemas, where those with an id of their own are told once and referred to. */
class Schemas {
  readonly components: Record<string, Json> = {};

  add(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs,
      ...json
    } = moveReferences(z.toJSONSchema(schema, { io, unrepresentable: 'any' })) as Json;
    for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, Json>))
      this.#define(id, definition);
    const id = json['id'];
    if (typeof id !== 'string') return json;
    this.#define(id, json);
    return { $ref: SHARED + id };
  }

  #define(id: string, { id: _id, ...definition }: Json): void {
    const known = this.components[id];
    if (known && JSON.stringify(known) !== JSON.stringify(definition))
      throw new TypeError(`two schemas have the id ${id}`);
    this.components[id] = definition;
  }
}

function moveReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? item.replace(LOCAL, SHARED) : moveReferences(item),
    ]),
  );
}
