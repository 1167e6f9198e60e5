import axios, { isAxiosError, type AxiosInstance, type AxiosResponse } from 'axios';
import { Problem } from './problem.ts';
import type { Api, Input, Output, Route } from './route.ts';

const TIMEOUT_MS_DEFAULT = 10_000;
const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;
/** A GET is tried at most this often in all; nothing else is ever sent twice. */
const GET_ATTEMPTS_MAX = 3;
const RETRY_DELAY_BASE_MS = 100;
/** Answers that say "not now": worth a second GET. */
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface ClientOptions {
  /** Such as `http://127.0.0.1:8004`. */
  readonly baseUrl: string;
  /** Bearer token, where the service asks for one. */
  readonly token?: string;
  /** Upper bound for every call of this client, in ms. */
  readonly timeoutMs?: number;
  /** Headers to pass on, read at each call: request id and trace context. */
  readonly headers?: () => Record<string, string>;
}

/** A call that did not end in a success: the service's problem document, or what went wrong on the way. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly url: string;
  /** The service's answer; absent where none came. */
  readonly problem: Problem | undefined;
  readonly status: number | undefined;
  constructor(
    message: string,
    url: string,
    details: { problem?: Problem; status?: number; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.url = url;
    this.problem = details.problem;
    this.status = details.status;
  }
}

export interface CallOptions {
  /** Ends the call, and the connection with it: whoever waits for a long answer does not wait on for nothing. */
  readonly signal?: AbortSignal;
}

export type Client<A extends Api> = {
  readonly [Name in keyof A]: (
    ...input: Record<string, never> extends Input<A[Name]>
      ? [input?: Input<A[Name]>, options?: CallOptions]
      : [input: Input<A[Name]>, options?: CallOptions]
  ) => Promise<Output<A[Name]>>;
};

interface Call {
  readonly params?: Record<string, string | number>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A typed client of a service, made from its routes. Every answer is checked against the route's schema. */
export function createClient<A extends Api>(api: A, options: ClientOptions): Client<A> {
  const http = axios.create({
    baseURL: options.baseUrl,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: RESPONSE_BYTES_MAX,
    maxBodyLength: RESPONSE_BYTES_MAX,
  });
  const methods = Object.entries(api).map(([name, definition]) => [
    name,
    (input: Call = {}, { signal }: CallOptions = {}) =>
      call(http, definition, { ...input, ...(signal && { signal }) }, options),
  ]);
  return Object.fromEntries(methods) as Client<A>;
}

async function call(
  http: AxiosInstance,
  definition: Route,
  input: Call,
  options: ClientOptions,
): Promise<unknown> {
  const path = fillPath(definition.path, input.params ?? {});
  const url = options.baseUrl + path;
  const response = await send(http, definition, { ...input, path, url }, options);
  const parsed = definition.response.safeParse(response.data);
  if (parsed.success) return parsed.data;
  throw new CallError(`${definition.method} ${url} answered something else than its contract`, url, {
    status: response.status,
    cause: parsed.error,
  });
}

async function send(
  http: AxiosInstance,
  definition: Route,
  input: Call & { path: string; url: string },
  options: ClientOptions,
): Promise<AxiosResponse<unknown>> {
  const attemptsMax = definition.method === 'GET' ? GET_ATTEMPTS_MAX : 1;
  const deadlineMs = performance.now() + timeoutOf(definition, options);
  for (let attempt = 1; ; attempt++) {
    try {
      return await http.request({
        method: definition.method,
        url: input.path,
        params: input.query,
        data: input.body,
        // Text stays text: axios would read a single line of JSON as JSON.
        ...(definition.contentType && { transformResponse: (text: unknown) => text }),
        ...(definition.contentType === 'application/pdf' && { responseType: 'arraybuffer' as const }),
        ...(input.signal && { signal: input.signal }),
        timeout: Math.max(1, deadlineMs - performance.now()),
        headers: {
          ...options.headers?.(),
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        },
      });
    } catch (error) {
      const delayMs = RETRY_DELAY_BASE_MS * 2 ** (attempt - 1);
      const timeLeft = performance.now() + delayMs < deadlineMs;
      if (attempt >= attemptsMax || !timeLeft || !isRetryable(error))
        throw toCallError(error, definition, input.url);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

function timeoutOf(definition: Route, options: ClientOptions): number {
  return Math.min(definition.timeoutMs ?? TIMEOUT_MS_DEFAULT, options.timeoutMs ?? Number.MAX_SAFE_INTEGER);
}

function isRetryable(error: unknown): boolean {
  if (!isAxiosError(error)) return false;
  return error.response === undefined
    ? error.code !== 'ERR_CANCELED'
    : RETRYABLE_STATUS.has(error.response.status);
}

function toCallError(error: unknown, definition: Route, url: string): CallError {
  const response = isAxiosError(error) ? error.response : undefined;
  const problem = Problem.safeParse(jsonOf(response?.data));
  const what = problem.success ? `${problem.data.code}: ${problem.data.detail}` : describe(error);
  return new CallError(`${definition.method} ${url} failed: ${what}`, url, {
    ...(problem.success ? { problem: problem.data } : {}),
    ...(response ? { status: response.status } : {}),
    cause: isAxiosError(error) ? undefined : error, // an axios error holds the request's headers, token and all
  });
}

/** A problem document of a route that answers text or bytes comes as text or bytes as well. */
function jsonOf(data: unknown): unknown {
  const text = data instanceof Uint8Array ? new TextDecoder().decode(data) : data;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  if (!isAxiosError(error)) return String(error);
  if (error.response) return `status ${error.response.status}`;
  return `${error.code ?? 'network error'} (${error.message})`;
}

function fillPath(path: string, params: Record<string, string | number>): string {
  return path.replace(/:([a-z_]+)/g, (_match, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`path ${path} needs ${name}`);
    return encodeURIComponent(String(value));
  });
}
