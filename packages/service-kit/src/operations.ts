import { operationsApi, READERS, route, type Api, type Output, type ServiceName } from '@aistock/shared';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { describeConfig } from './config.ts';
import type { Health } from './health.ts';
import { reply, type Answer, type Endpoint } from './http-app.ts';
import type { Metrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import packageJson from '../package.json' with { type: 'json' };

const metricsRoute = route({
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics in the text format of Prometheus.',
  roles: 'public',
  response: z.string(),
});

const openApiRoute = route({
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description.',
  roles: READERS,
  response: z.record(z.string(), z.unknown()),
});

export interface OperationsOptions {
  readonly name: ServiceName;
  readonly api: Api;
  readonly config: Readonly<Record<string, unknown>>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly health: () => Promise<Health>;
  /** Whether it listens and does not stop. */
  readonly takesWork: () => boolean;
  readonly state: () => Promise<Record<string, unknown>> | Record<string, unknown>;
}

/** What every service answers besides its own routes. */
export function operationEndpoints(options: OperationsOptions): Endpoint[] {
  const { name, api, config, metrics, clock, health, takesWork, state } = options;
  const startedMs = clock.nowMs();
  const everything = { ...api, ...operationsApi, metrics: metricsRoute, openApi: openApiRoute };
  const document = openApiDocument(name, packageJson.version, everything);

  const answers: Readonly<Record<keyof typeof operationsApi, Answer>> = {
    ping: async () => reply(operationsApi.ping, { pong: true }),
    health: async () => {
      const { status, checks } = await health();
      return reply(
        operationsApi.health,
        { service: name, status, checks },
        status === 'unhealthy' ? 503 : 200,
      );
    },
    ready: async () => {
      const ready = takesWork() && (await health()).status !== 'unhealthy';
      return reply(operationsApi.ready, { ready }, ready ? 200 : 503);
    },
    status: async () =>
      reply(operationsApi.status, {
        service: name,
        version: packageJson.version,
        started_ms: startedMs,
        uptime_ms: clock.nowMs() - startedMs,
        config: describeConfig(config),
        state: await state(),
      } satisfies Output<typeof operationsApi.status>),
  };
  return [
    { route: operationsApi.ping, answer: answers.ping },
    { route: operationsApi.health, answer: answers.health },
    { route: operationsApi.ready, answer: answers.ready },
    { route: operationsApi.status, answer: answers.status },
    { route: openApiRoute, answer: async () => ({ status: 200, body: document }) },
    {
      route: metricsRoute,
      answer: async () => ({
        status: 200,
        body: await metrics.registry.metrics(),
        type: metrics.registry.contentType,
      }),
    },
  ];
}
