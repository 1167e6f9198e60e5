import { z } from 'zod';
import { READERS, route } from '../route.ts';

export const CheckState = z.strictObject({
  name: z.string(),
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  detail: z.string().optional(),
});

const Health = z.object({
  service: z.string(),
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  checks: z.array(CheckState),
});

/** What every service answers besides its own routes. */
export const operationsApi = {
  health: route({
    method: 'GET',
    path: '/health',
    summary: 'Health with its checks.',
    roles: 'public',
    response: Health,
  }),
  ready: route({
    method: 'GET',
    path: '/ready',
    summary: 'Whether the service takes work now; 503 while it does not.',
    roles: 'public',
    response: z.object({ ready: z.boolean() }),
  }),
  ping: route({
    method: 'GET',
    path: '/ping',
    summary: 'Answers while the process lives; asks nobody.',
    roles: 'public',
    response: z.object({ pong: z.literal(true) }),
  }),
  status: route({
    method: 'GET',
    path: '/status',
    summary: 'Version, start time, uptime, configuration without secrets, and what the service is doing.',
    roles: READERS,
    response: z.object({
      service: z.string(),
      version: z.string(),
      started_ms: z.int(),
      uptime_ms: z.int(),
      config: z.record(z.string(), z.unknown()),
      state: z.record(z.string(), z.unknown()),
    }),
  }),
} as const;
