import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { alpaca } from '../dialects/alpaca/alpaca.ts';
import { binance } from '../dialects/binance/binance.ts';
import type { Dialect, VenueRequest } from '../dialects/dialect.ts';
import { kraken } from '../dialects/kraken/kraken.ts';
import { decideOutcome, type Outcome, type SimState } from './decide-outcome.ts';
import type { RequestLog } from './request-log.ts';

const HOST = '127.0.0.1';
const CONNECTIONS_MAX = 1_000;
const URL_CHARACTERS_MAX = 8_192;
const DIALECTS: readonly Dialect[] = [binance, kraken, alpaca];

export interface ServerParts {
  readonly state: SimState;
  readonly log: RequestLog;
  /** Answers requests to the simulator itself; false where it is none of those. */
  readonly control: (request: IncomingMessage, url: URL, response: ServerResponse) => Promise<boolean>;
}

/** Listens on this machine only. @param port 0 for any that is free. */
export async function startServer(
  port: number,
  parts: ServerParts,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void handle(request, response, parts).catch((error: unknown) => {
      parts.log.fail(error);
      request.socket.destroy();
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(port, HOST);
  await once(server, 'listening');
  return { server, url: `http://${HOST}:${(server.address() as AddressInfo).port}` };
}

async function handle(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  response.sendDate = false; // The Date header is the venue's clock.
  const text = request.url ?? '/';
  if (text.length > URL_CHARACTERS_MAX || !URL.canParse(text, 'http://sim')) return end(response, 414, '{}');
  const url = new URL(text, 'http://sim');
  if (await parts.control(request, url, response)) return;
  const dialect = DIALECTS.find(({ owns }) => owns(url.pathname));
  if (!dialect) return end(response, 404, '{"message":"no venue has such a path"}');
  if (request.method !== 'GET') return end(response, 405, '{"message":"only GET"}');
  const outcome = decideOutcome(dialect, venueRequest(request, url), parts.state);
  parts.log.note(dialect.venue, text, outcome);
  act(outcome, request, response);
}

function venueRequest(request: IncomingMessage, url: URL): VenueRequest {
  return {
    path: url.pathname,
    query: url.searchParams,
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

function act(outcome: Outcome, request: IncomingMessage, response: ServerResponse): void {
  if (outcome.act === 'silence') return; // The client gives up, or the server is stopped.
  if (outcome.act === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const { answer, dateMs, truncated } = outcome;
  const body = truncated ? answer.body.slice(0, Math.ceil(answer.body.length / 2)) : answer.body;
  response.setHeader('date', new Date(dateMs).toUTCString());
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  end(response, answer.status, body);
}

function end(response: ServerResponse, status: number, body: string): void {
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.writeHead(status).end(body);
}
