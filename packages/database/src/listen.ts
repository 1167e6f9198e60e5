import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { urlWithPassword } from './url-with-password.ts';

const CONNECTION_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 500;

export interface ListenOptions {
  /** `postgres://user[:password]@host:port/database`. */
  readonly url: string;
  /** Takes the place of a password in the URL. */
  readonly password?: string | undefined;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly channel: string;
  /** Called for each notification, and once a connection listens: what was told before it did is told to nobody. */
  readonly onNotice: () => void;
  /** Told when a connection is lost or cannot be had; another one is tried after half a second, for as long as it takes. */
  readonly onLost?: (error: Error) => void;
}

/** Hears what is told by `pg_notify`. */
export interface Listener {
  /** Settles once the connection is closed and none is tried any more. */
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own, beside any pool. Notifications are hints: one may be lost with its connection, so
 * whoever must not miss a change looks by itself now and then.
 */
export function listen(options: ListenOptions): Listener {
  const closing = new AbortController();
  const ended = keepListening(options, closing.signal);
  return {
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}

async function keepListening(options: ListenOptions, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    try {
      await listenOnce(options, closing);
    } catch (error) {
      if (!closing.aborted) options.onLost?.(error instanceof Error ? error : new Error(String(error)));
    }
    await delay(RECONNECT_MS, undefined, { signal: closing }).catch(() => undefined);
  }
}

/** Listens until the signal, or until the connection is lost. */
async function listenOnce(options: ListenOptions, closing: AbortSignal): Promise<void> {
  const client = new pg.Client({
    connectionString: urlWithPassword(options),
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    keepAlive: true,
  });
  const { promise: over, resolve, reject } = Promise.withResolvers<void>();
  over.catch(() => undefined); // told below, where it is waited for
  const close = () => resolve();
  closing.addEventListener('abort', close);
  client.on('error', reject);
  client.on('end', () => reject(new Error('the connection that listens has ended')));
  client.on('notification', () => options.onNotice());
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(options.channel)}`);
    options.onNotice();
    await over;
  } finally {
    closing.removeEventListener('abort', close);
    await client.end().catch(() => undefined);
  }
}
