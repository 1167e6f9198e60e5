import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
const HEADER_BYTES_MAX = 16 * 1024;
const CONNECTIONS_MAX = 1_000;
const SWEEP_EVERY_MS = 20;
const LAST_WORDS_MS = 300;

/** An HTTP server with bounds on how long and how large a request may be. */
export interface BoundedServer {
  /**
   * Starts to listen, and answers the URL.
   * @throws ListenError that says which address and why.
   */
  listen(host: string, port: number): Promise<string>;
  /**
   * Takes no new connections and waits for the open requests up to a time; then calls `giveUp`, which tells them to
   * end, and soon after cuts off what is still open.
   */
  close(graceMs: number, giveUp: () => void): Promise<void>;
}

export function createBoundedServer(app: Express): BoundedServer {
  const open = new Set<ServerResponse>();
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
  });
  server.maxConnections = CONNECTIONS_MAX;
  let closing = false;
  server.on('request', (request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (closing) response.setHeader('connection', 'close');
    app(request, response);
  });
  return {
    listen: (host, port) => listen(server, host, port),
    close: async (graceMs, giveUp) => {
      closing = true;
      for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
      if (server.listening) await close(server, open, { graceMs, giveUp });
    },
  };
}

/** The service could not take its port. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): ListenError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another process has this port; stop it, or set PORT',
    EACCES: 'this user may not take this port; set PORT to 1024 or above',
    EADDRNOTAVAIL: 'this machine does not have this address; set HOST',
    ENOTFOUND: 'this host name is not known; set HOST',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new ListenError(`cannot listen on ${host}:${port}: ${reason}`, { cause: error });
}

interface Bounds {
  readonly graceMs: number;
  readonly giveUp: () => void;
}

async function close(
  server: Server,
  open: ReadonlySet<ServerResponse>,
  { graceMs, giveUp }: Bounds,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Node counts a connection that never sent anything as busy; without an open request none is.
  const sweep = setInterval(
    () => (open.size === 0 ? server.closeAllConnections() : server.closeIdleConnections()),
    SWEEP_EVERY_MS,
  );
  const warn = setTimeout(giveUp, graceMs);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs + LAST_WORDS_MS);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(warn);
    clearTimeout(cut);
  }
}
