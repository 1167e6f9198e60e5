import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '@aistock/shared';
import type { Logger } from './logger.ts';

/** Who called, as far as the token tells. */
export interface Actor {
  readonly role: Role;
}

/** What a handler knows of the request besides its input. */
export interface RequestContext {
  readonly requestId: string;
  /** W3C trace context of this request, to pass on. */
  readonly traceparent: string;
  readonly actor: Actor;
  /** Adds the ids of the request to each line. */
  readonly logger: Logger;
  /** Aborted when the time of the route is over, or when the service stops and can wait no longer. */
  readonly signal: AbortSignal;
  /** Aborted when the connection has ended, before the answer where the caller left: there is nobody to wait for then. */
  readonly gone: AbortSignal;
  /** Of the caller's header: the last server-sent event that it has. */
  readonly lastEventId: string | undefined;
  /** Of a route of server-sent events: sends a part of the answer now. Settles once the caller can take more. */
  readonly write: (text: string) => Promise<void>;
}

/** The ids that go with a request through every service. */
export interface Trace {
  readonly requestId: string;
  readonly traceparent: string;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** The ids of a request: those of the caller where they are well formed, new ones otherwise; the span is always new. */
export function traceOf(header: (name: string) => string | undefined): Trace {
  const requestId = header('x-request-id');
  const [, traceId, flags] = TRACEPARENT.exec(header('traceparent') ?? '') ?? [];
  return {
    requestId: requestId && REQUEST_ID.test(requestId) ? requestId : randomUUID(),
    traceparent: `00-${traceId ?? hex(16)}-${hex(8)}-${flags ?? '01'}`,
  };
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

const current = new AsyncLocalStorage<Trace>();

/** Runs work as part of a request. */
export function withTrace<T>(trace: Trace, work: () => T): T {
  return current.run(trace, work);
}

/** The request that this code runs for, if it runs for one. */
export function currentTrace(): Trace | undefined {
  return current.getStore();
}
