import { createClient, dataIngesterApi, type Client } from '@aistock/shared';
import { createProgress, type Terminal } from '../stack/progress.ts';
import { serviceUrl } from '../stack/service-specs.ts';
import { startStack } from '../stack/stack.ts';
import type { Options } from './options.ts';

/** A data_ingester to ask. */
export interface Ingester {
  readonly client: Client<typeof dataIngesterApi>;
  readonly url: string;
  /** Started by this program, and over with it. */
  readonly own: boolean;
  /** Settles when a process that this program started ends by itself; never where it started none. */
  readonly broken: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** The one at --url, or one of its own with a Postgres. */
export async function openIngester(root: string, options: Options, out: Terminal): Promise<Ingester> {
  if (options.url !== undefined) {
    const never = new Promise<never>(() => undefined);
    return { ...clientOf(options.url), own: false, broken: never, stop: async () => undefined };
  }
  const { dataDir, portBase } = options;
  const env = { ...process.env, ...(options.config !== undefined && { SOURCES_FILE: options.config }) };
  const start = { once: true, json: false, fresh: false, yes: false, help: false, dataDir, portBase };
  const stack = await startStack(root, start, createProgress(out), {
    word: 'ingest-cli/main.ts',
    instead: `ask its data_ingester with --url ${serviceUrl('data_ingester', portBase)}, or stop it`,
    services: ['data_ingester'],
    scheduler: false,
    env,
  });
  const broken = stack.broken.then((what) => `${what}; its log is in ${stack.place.folder.logs}`);
  return { ...clientOf(serviceUrl('data_ingester', portBase)), own: true, broken, stop: () => stack.stop() };
}

function clientOf(url: string): Pick<Ingester, 'client' | 'url'> {
  const token = process.env['AUTH_TOKEN_OPERATOR'];
  return { url, client: createClient(dataIngesterApi, { baseUrl: url, ...(token ? { token } : {}) }) };
}
