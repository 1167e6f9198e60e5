import { baseEnv, createService, loadConfig, type Handlers, type Service } from '@aistock/service-kit';
import type { Api, ServiceName } from '@aistock/shared';
import { z } from 'zod';

/** The environment of a service under test: any free port, no database behind it. */
export const TEST_ENV = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
  PORT: '0',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_S: '1000000',
};

/** A neighbour with some routes of the real contract, listening. */
export async function startFake<A extends Api>(
  name: ServiceName,
  api: A,
  handlers: Handlers<A>,
): Promise<Service> {
  const config = loadConfig(z.object(baseEnv), TEST_ENV);
  const service = createService({ name, api, handlers, config });
  await service.listen();
  return service;
}
