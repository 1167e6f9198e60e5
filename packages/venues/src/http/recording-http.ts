import { AsyncLocalStorage } from 'node:async_hooks';
import { sha256Hex } from '@aistock/shared';
import { SourceError, type Provenance } from '../bar-source.ts';
import type { Pacer, Priority } from '../pacing/pacer.ts';
import { httpDateMs, retryAfterMs } from '../pacing/retry-after.ts';
import { cautiousClock } from './cautious-clock.ts';
import { readBounded } from './read-bounded.ts';
import { codeOfStatus } from './source-error-of.ts';
import { withoutSecrets } from './without-secrets.ts';

const TIMEOUT_MS_DEFAULT = 10_000;

export interface HttpTerms {
  /** Whose budget is spent, such as `binance`. */
  readonly venue: string;
  /** The only origins that may be asked, such as `https://api.kraken.com`. */
  readonly origins: readonly string[];
  readonly pacer: Pacer;
  /** What a request costs of the budget; 1 unless told. */
  readonly weightOf?: (url: URL) => number;
  /** `data` unless told. */
  readonly priority?: Priority;
  /** From sending to the last byte, without the wait for the budget; 10 s unless told. */
  readonly timeoutMs?: number;
  /** An answer of 2xx that is no JSON is an error; true unless told. */
  readonly answersAreJson?: boolean;
  /** Keys that go with the requests; an answer that repeats one is recorded without its bytes. */
  readonly secrets?: readonly string[];
  /** Our own clock, Unix ms UTC. */
  readonly nowMs: () => number;
  /** A new name for a request, such as `crypto.randomUUID` gives. */
  readonly newRequestId: () => string;
}

/** What a client library, or a client of our own, is given to send its requests with. */
export interface RecordingHttp {
  /**
   * Shaped like the platform's. Redirects are never followed; the body has come whole when it answers.
   * @throws SourceError `source_refused` for another origin, `rate_limited` by the budget or an answer of 429 or 418,
   * `source_unreachable` without an answer in time, `malformed_data` for one that is too long or no JSON. Answers of
   * other statuses are no errors here: what they mean, their bodies say.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Runs something and tells which answers it got, also while others run at the same time. */
  readonly record: <T>(run: () => Promise<T>) => Promise<{ result: T; answers: Provenance[] }>;
  /** The server's clock by the Date headers of its last answers, to a second, never ahead of it; undefined before one. */
  readonly serverClockMs: () => number | undefined;
}

/** The one place through which every request of every source goes. */
export function recordingHttp(terms: HttpTerms): RecordingHttp {
  const current = new AsyncLocalStorage<Provenance[]>();
  const origins = new Set(terms.origins.map((origin) => new URL(origin).origin));
  const clock = cautiousClock(terms.nowMs);

  const send = async (request: Request, told: string): Promise<Response> => {
    const { venue, pacer, priority = 'data' } = terms;
    const requestId = terms.newRequestId();
    const weight = terms.weightOf?.(new URL(request.url)) ?? 1;
    await pacer.take({ venue, weight, priority, signal: request.signal });
    const { response, bytes } = await answered(request, told, terms.timeoutMs ?? TIMEOUT_MS_DEFAULT);
    const { status, headers } = response;
    const receivedMs = terms.nowMs();
    const sourceClockMs = httpDateMs(headers.get('date')) ?? null;
    if (sourceClockMs !== null) clock.hear(sourceClockMs);
    const sha256 = sha256Hex(bytes);
    const kept = terms.secrets?.some((secret) => Buffer.from(bytes).includes(secret)) ? {} : { bytes };
    const record = { requestId, origin: told, sha256, ...kept, status, sourceClockMs, receivedMs };
    current.getStore()?.push(record);
    await pacer.note({ venue, status, headers, nowMs: receivedMs });
    if (codeOfStatus(status) === 'rate_limited') {
      throw new SourceError('rate_limited', `${told} answered ${status}`, {
        retryAfterMs: retryAfterMs(headers, receivedMs),
      });
    }
    if (response.ok && terms.answersAreJson !== false) assertJson(bytes, told);
    return withBody(response, bytes);
  };

  return {
    fetch: async (input, init) => {
      const request = new Request(input, { ...init, redirect: 'error' });
      const { origin } = new URL(request.url);
      if (!origins.has(origin)) {
        throw new SourceError('source_refused', `a request to ${origin} is not allowed`);
      }
      return send(request, withoutSecrets(request.url));
    },
    record: async (run) => {
      const answers: Provenance[] = [];
      try {
        return { result: await current.run(answers, run), answers };
      } catch (error) {
        throw withAnswers(error, answers);
      }
    },
    serverClockMs: clock.toldMs,
  };
}

async function answered(
  request: Request,
  told: string,
  timeoutMs: number,
): Promise<{ response: Response; bytes: Uint8Array<ArrayBuffer> }> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(request, { signal });
    return { response, bytes: await readBounded(response) };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('source_unreachable', `no answer from ${told}: ${describe(error)}`, {
      cause: error,
    });
  }
}

/** The platform's message is `fetch failed`; its cause says what happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** The body is unpacked by now, so that what the headers say of its packed form no longer holds. */
function withBody(response: Response, bytes: Uint8Array<ArrayBuffer>): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(NO_BODY.has(status) ? null : bytes, { status, statusText, headers });
}

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Answers that could not be read go with the error that says so; the last of them is the one to be kept aside. */
function withAnswers(error: unknown, answers: readonly Provenance[]): unknown {
  if (!(error instanceof SourceError) || error.code !== 'malformed_data') return error;
  const { code, message, cause } = error;
  return new SourceError(code, message, { cause, bytes: answers.at(-1)?.bytes, answers });
}

/** ccxt takes an answer that is no JSON, such as a page of a proxy or one cut short, for an empty list. */
function assertJson(bytes: Uint8Array, told: string): void {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SourceError('malformed_data', `the answer of ${told} is not JSON`, { cause: error, bytes });
  }
}
