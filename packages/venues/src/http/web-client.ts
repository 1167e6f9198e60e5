import axios from 'axios';
import type { z } from 'zod';
import { SourceError, type Provenance } from '../bar-source.ts';
import type { Pacer } from '../pacing/pacer.ts';
import { retried, type RetryTerms, type RetryWorld } from '../resilience/retry.ts';
import { parseExactJson } from './exact-json.ts';
import { recordingHttp } from './recording-http.ts';
import { codeOfStatus, sourceErrorOf } from './source-error-of.ts';

/** What every source that is asked over HTTP needs of the world. */
export interface WebTerms {
  /** Our own clock, Unix ms UTC. */
  readonly nowMs: () => number;
  /** A new name for a request. */
  readonly newRequestId: () => string;
  readonly pacer: Pacer;
  /** Chance and sleep between two tries. */
  readonly retryWorld: RetryWorld;
  readonly retryTerms?: RetryTerms;
  /** How long one request may take; 10 s unless told. */
  readonly timeoutMs?: number;
  /** Ask this origin instead of the source's, same paths; any other host is refused. */
  readonly origin?: string;
}

export interface WebAnswer {
  readonly status: number;
  /** Numbers are text; undefined where a refusal is no JSON. */
  readonly body: unknown;
}

/** Asks one server for JSON. */
export interface WebClient {
  /** @throws SourceError where there is no answer, or one of 429, 418 or 5xx, after all tries. */
  readonly get: (path: string, params: Readonly<Record<string, string | number>>) => Promise<WebAnswer>;
  /**
   * Runs something and tells which answers it got; and the server's clock before, or by these answers where that is
   * earlier: our own may have been wrong before the first one, or been set on since the last.
   */
  readonly record: <T>(
    run: () => Promise<T>,
  ) => Promise<{ result: T; answers: Provenance[]; clockMs: number }>;
  /** The server's clock, Unix ms UTC; our own before its first answer. */
  readonly clockMs: () => number;
}

export interface WebServer {
  readonly venue: string;
  /** Its own origin, such as `https://finnhub.io`. */
  readonly origin: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keys that go with the requests. */
  readonly secrets?: readonly string[];
}

export function webClient(server: WebServer, terms: WebTerms): WebClient {
  const origin = terms.origin ?? server.origin;
  const http = recordingHttp({
    ...terms,
    venue: server.venue,
    origins: [origin],
    secrets: server.secrets ?? [],
  });
  const client = axios.create({
    baseURL: origin,
    headers: server.headers ?? {},
    adapter: 'fetch',
    env: { fetch: http.fetch },
    responseType: 'text',
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });
  const clockMs = (): number => http.serverClockMs() ?? terms.nowMs();
  const getOnce = async (
    path: string,
    params: Readonly<Record<string, string | number>>,
  ): Promise<WebAnswer> => {
    const { status, data } = await client.get<string>(path, { params });
    if (codeOfStatus(status) === 'source_unreachable')
      throw new SourceError('source_unreachable', `${server.venue} answered ${status}`);
    return { status, body: status < 300 ? parseExactJson(data) : jsonOrNothing(data) };
  };
  return {
    get: (path, params) =>
      retried(
        async () => {
          try {
            return await getOnce(path, params);
          } catch (error) {
            throw sourceErrorOf(withoutRequest(error), `asking ${server.venue}`);
          }
        },
        terms.retryWorld,
        terms.retryTerms,
      ),
    record: async (run) => {
      const beforeMs = clockMs();
      const recorded = await http.record(run);
      return { ...recorded, clockMs: Math.min(beforeMs, clockMs()) };
    },
    clockMs,
  };
}

/** An error of axios holds the whole request, and with it the key. */
function withoutRequest(error: unknown): unknown {
  return axios.isAxiosError(error) ? (error.cause ?? new Error(error.message)) : error;
}

function jsonOrNothing(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** @throws SourceError `malformed_data` saying what does not fit. */
export function readAs<T>(schema: z.ZodType<T>, body: unknown, whose: string): T {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw new SourceError(
    'malformed_data',
    `an answer of ${whose} does not fit at ${place}: ${issue?.message}`,
  );
}
