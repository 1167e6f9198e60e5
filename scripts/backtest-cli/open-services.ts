import { createClient, dataIngesterApi, engineApi, SERVICE_PORTS, type ServiceName } from '@aistock/shared';
import { createProgress, type Terminal } from '../stack/progress.ts';
import { serviceUrl } from '../stack/service-specs.ts';
import { startStack } from '../stack/stack.ts';
import type { Options } from './options.ts';
import type { Services } from './run-at-engine.ts';

export interface OpenServices extends Services {
  /** Settles when a process that this program started ends by itself; never where it started none. */
  readonly broken: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** The services at --url, or some of its own with a Postgres. */
export async function openServices(root: string, options: Options, out: Terminal): Promise<OpenServices> {
  const { url, ingesterUrl, dataDir, portBase, words } = options;
  if (url !== undefined) {
    const never = new Promise<never>(() => undefined);
    return { ...clients(url, ingesterUrl ?? besides(url)), broken: never, stop: async () => undefined };
  }
  const services: ServiceName[] = [
    'data_ingester',
    'engine',
    ...(words.model === undefined ? [] : ['ml_service' as const]),
  ];
  const start = { once: true, json: false, fresh: false, yes: false, help: false, dataDir, portBase };
  const stack = await startStack(root, start, createProgress(out), {
    word: 'backtest-cli/main.ts',
    instead: `ask its engine with --url ${serviceUrl('engine', portBase)}, or stop it`,
    services,
    scheduler: false,
    env: process.env,
  });
  const broken = stack.broken.then((what) => `${what}; its log is in ${stack.place.folder.logs}`);
  return {
    ...clients(serviceUrl('engine', portBase), serviceUrl('data_ingester', portBase)),
    broken,
    stop: () => stack.stop(),
  };
}

/** Where data_ingester is when an engine is there: on the same host, at the port that it has beside it. */
function besides(engineUrl: string): string {
  const url = new URL(engineUrl);
  url.port = String(Number(url.port) - SERVICE_PORTS.engine + SERVICE_PORTS.data_ingester);
  return url.origin;
}

function clients(engineUrl: string, ingesterUrl: string): Services {
  const token = process.env['AUTH_TOKEN_TRADER'];
  const auth = token ? { token } : {};
  return {
    engine: createClient(engineApi, { baseUrl: engineUrl, ...auth }),
    ingester: createClient(dataIngesterApi, { baseUrl: ingesterUrl, ...auth }),
  };
}
