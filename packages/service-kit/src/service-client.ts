import { createClient, operationsApi, type Api, type Client } from '@aistock/shared';
import type { Check } from './health.ts';
import { currentTrace } from './request-context.ts';
import type { Secret } from './secret.ts';

export interface ServiceClientOptions {
  /** Such as `http://127.0.0.1:8004`. */
  readonly url: string;
  /** The token of role service, where the neighbour asks for one. */
  readonly token?: Secret | undefined;
  /** Upper bound for every call, in ms. */
  readonly timeoutMs?: number;
}

/** A typed client of a neighbour that passes the request id and the trace on. */
export function serviceClient<A extends Api>(
  api: A,
  { url, token, timeoutMs }: ServiceClientOptions,
): Client<A> {
  return createClient(api, {
    baseUrl: url,
    ...(token && { token: token.reveal() }),
    ...(timeoutMs && { timeoutMs }),
    headers: traceHeaders,
  });
}

function traceHeaders(): Record<string, string> {
  const trace = currentTrace();
  return trace ? { 'x-request-id': trace.requestId, traceparent: trace.traceparent } : {};
}

const PING_TIMEOUT_MS = 900;

/** Whether a neighbour answers; without it the service is degraded. */
export function peerCheck(name: string, url: string): Check {
  const { ping } = createClient(operationsApi, { baseUrl: url, timeoutMs: PING_TIMEOUT_MS });
  return {
    name,
    required: false,
    run: async () => {
      await ping();
    },
  };
}
