import type { WebTerms } from '../src/http/web-client.ts';
import { SourceError, type SourceErrorCode } from '../src/bar-source.ts';
import { unpaced } from '../src/pacing/pacer.ts';

/** Terms of a source that asks a server of a test: it never waits between two tries. */
export function webTermsOf(server: { readonly origin: string }, nowMs: number): WebTerms {
  let requests = 0;
  return {
    origin: server.origin,
    nowMs: () => nowMs,
    newRequestId: () => `request-${++requests}`,
    pacer: unpaced,
    retryWorld: { chance: () => 0, nowMs: () => 0, sleep: () => Promise.resolve() },
  };
}

export function isSourceError(code: SourceErrorCode, message = /(?:)/): (error: unknown) => boolean {
  return (error) => error instanceof SourceError && error.code === code && message.test(error.message);
}
