export interface ServerSettings {
  port: number;
  /** More settings, such as `{ max_connections: '200' }`. */
  settings?: Readonly<Record<string, string>>;
  /** For a test's server, whose data may be lost: nothing waits for the disk. */
  throwaway?: boolean;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
};

const THROWAWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const OFF = new Set(['off', 'false', 'no', '0', 'of', 'f', 'n', 'local', 'remote_write']);

/**
 * The command line of the server.
 * @throws RangeError for a setting that could lose committed data on a server that is not a throwaway.
 */
export function serverArguments({ port, settings = {}, throwaway = false }: ServerSettings): string[] {
  for (const name of Object.keys(THROWAWAY)) {
    const value = settings[name];
    if (!throwaway && value !== undefined && OFF.has(value.toLowerCase())) {
      throw new RangeError(`${name}=${value} could lose committed data; only a throwaway server may have it`);
    }
  }
  const all = { ...SETTINGS, ...(throwaway ? THROWAWAY : {}), ...settings, port: String(port) };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
