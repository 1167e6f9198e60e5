import { Decimal, InstrumentInPath, intText, Name, READERS, route, TRADERS } from '@aistock/shared';
import { z } from 'zod';
import { loadConfig, type Env } from '../src/config.ts';
import { baseEnv } from '../src/env.ts';
import type { Handlers } from '../src/handlers.ts';
import { createService, type Service, type ServiceOptions } from '../src/service.ts';

export const sampleApi = {
  read: route({
    method: 'GET',
    path: '/thing/:name/:instrument',
    summary: 'Reads a thing.',
    roles: READERS,
    params: z.strictObject({ name: Name, instrument: InstrumentInPath }),
    query: z.strictObject({ limit: intText(1, 100).optional() }),
    response: z.strictObject({ name: Name, instrument: z.string(), limit: z.number().nullable() }),
  }),
  write: route({
    method: 'POST',
    path: '/things',
    summary: 'Writes a thing.',
    roles: TRADERS,
    body: z.strictObject({
      name: Name,
      limits: z.strictObject({ account: Name }).optional(),
      notes: z.record(Name, z.string()).optional(),
      amount: Decimal.optional(),
    }),
    response: z.object({ name: Name }),
    successStatus: 201,
    timeoutMs: 300,
  }),
  forever: route({
    method: 'POST',
    path: '/forever',
    summary: 'Works for long.',
    roles: TRADERS,
    response: z.object({}),
    timeoutMs: 600_000,
  }),
  watch: route({
    method: 'GET',
    path: '/watch',
    summary: 'Tells what happens.',
    roles: READERS,
    response: z.string(),
    contentType: 'text/event-stream',
  }),
} as const;

const sampleHandlers: Handlers<typeof sampleApi> = {
  read: async ({ params, query }) => ({ ...params, limit: query.limit ?? null }),
  write: async ({ body }) => ({ name: body.name }),
  forever: async () => ({}),
  watch: async () => '',
};

const sampleEnv: Env = {
  DATABASE_URL: 'postgres://aistock_risk_gate@127.0.0.1:1/aistock',
  PORT: '0',
  LOG_LEVEL: 'silent',
};

type SampleOptions = Partial<Omit<ServiceOptions<typeof sampleApi>, 'handlers' | 'config' | 'api'>> & {
  readonly env?: Env;
  readonly handlers?: Partial<Handlers<typeof sampleApi>>;
};

/** A small service that does not listen yet. */
export function createSample({ env, handlers, ...options }: SampleOptions = {}): Service {
  return createService({
    name: 'risk_gate',
    api: sampleApi,
    config: loadConfig(z.object(baseEnv), { ...sampleEnv, ...env }),
    handlers: { ...sampleHandlers, ...handlers },
    ...options,
  });
}

/** A small service on any free port, stopped when its scope ends. */
export async function startSample(options: SampleOptions = {}): Promise<Service & AsyncDisposable> {
  const service = createSample(options);
  await service.listen();
  return { ...service, url: service.url, [Symbol.asyncDispose]: () => service.stop() };
}

/** The status and JSON of an answer. */
export async function ask(
  url: string,
  init?: RequestInit,
): Promise<{ status: number; headers: Headers; json: Record<string, unknown> }> {
  const response = await fetch(url, init);
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}

/** A POST of JSON. */
export function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
