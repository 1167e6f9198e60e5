import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type Api,
  operationsApi,
  READERS,
  type Role,
  ROLES,
  type Route,
  SERVICE_APIS,
  SERVICE_NAMES,
  type ServiceName,
} from '@aistock/shared';
import { z } from 'zod';
import { ask } from '../test/sample-service.ts';
import { loadConfig } from './config.ts';
import { baseEnv } from './env.ts';
import type { Handlers } from './handlers.ts';
import { createService, type Service } from './service.ts';

const PUBLIC_PATHS = ['/health', '/metrics', '/ping', '/ready'];
const tokens = Object.fromEntries(ROLES.map((role) => [role, `token-of-${role}-`.padEnd(40, 'x')])) as Record<
  Role,
  string
>;
const env = {
  DATABASE_URL: 'postgres://x@127.0.0.1:1/x',
  PORT: '0',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_S: '1000000',
  AUTH_MODE: 'token',
  ...Object.fromEntries(ROLES.map((role) => [`AUTH_TOKEN_${role.toUpperCase()}`, tokens[role]])),
};
const services: Service[] = [];
after(() => Promise.all(services.map((service) => service.stop())));

const reached = (): Promise<never> => Promise.reject(new Error('reached'));

/** A service with its real routes; its handlers only say that they were reached. */
async function start(name: ServiceName): Promise<Service> {
  const api = SERVICE_APIS[name];
  const handlers = Object.fromEntries(
    Object.keys(api).map((key) => [key, reached]),
  ) as unknown as Handlers<Api>;
  const service = createService({ name, api, config: loadConfig(z.object(baseEnv), env), handlers });
  services.push(service);
  await service.listen();
  return service;
}

/** The status of a call, with a token or without. What comes after authorisation is 400, 404 or 500 here. */
async function call(
  service: Service,
  { method, path }: Pick<Route, 'method' | 'path'>,
  authorization?: string,
) {
  const url = service.url + path.replace(/:[a-z_]+/g, 'x');
  return ask(url, { method, headers: authorization ? { authorization } : {} });
}

const everyRoute = (name: ServiceName): Pick<Route, 'method' | 'path' | 'roles'>[] => [
  ...Object.values(SERVICE_APIS[name]),
  operationsApi.status,
  { method: 'GET', path: '/openapi.json', roles: READERS },
];

for (const name of SERVICE_NAMES) {
  test(`${name}: every route refuses whoever is not listed, and no one who is`, async () => {
    const service = await start(name);
    for (const route of everyRoute(name)) {
      const what = `${route.method} ${route.path}`;
      assert.notEqual(route.roles, 'public', `${what} is open to everybody`);
      for (const authorization of [
        undefined,
        'Bearer wrong',
        `Basic ${tokens.operator}`,
        `Bearer ${tokens.operator}x`,
      ]) {
        const { status, headers, json } = await call(service, route, authorization);
        assert.deepEqual([status, json['code']], [401, 'unauthenticated'], `${what} with ${authorization}`);
        assert.match(headers.get('www-authenticate') ?? '', /^Bearer /);
      }
      for (const role of ROLES) {
        const { status, json } = await call(service, route, `Bearer ${tokens[role]}`);
        if (route.roles.includes(role)) assert.ok(![401, 403].includes(status), `${what} refused ${role}`);
        else assert.deepEqual([status, json['code']], [403, 'role_not_allowed'], `${what} took ${role}`);
      }
    }
  });
}

test('health, readiness, ping and metrics ask nobody, and nothing else is public', async () => {
  const service = await start('engine');
  for (const path of PUBLIC_PATHS) assert.equal((await fetch(service.url + path)).status, 200, path);
  const publicPaths = Object.values(operationsApi)
    .filter(({ roles }) => roles === 'public')
    .map(({ path }) => path);
  assert.deepEqual([...publicPaths, '/metrics'].toSorted(), PUBLIC_PATHS);
});

test('a wrong caller learns nothing about the body: authorisation comes before it is read', async () => {
  const service = await start('risk_gate');
  const { status } = await ask(`${service.url}/check`, { method: 'POST', body: '{', headers: {} });
  assert.equal(status, 401);
});
