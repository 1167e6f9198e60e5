import { SourceError } from '../bar-source.ts';
import { admit, callEndOf, CLOSED, settle, type BreakerState, type CallEnd } from './breaker.ts';

/** The breaker of one source, kept in this process. */
export interface Circuit {
  /**
   * Runs a call where the breaker lets it, and learns from how it ends. `neither` is for a call whose success proves
   * nothing, such as one that may be answered without the other side.
   * @throws SourceError `breaker_open`, with `retryAfterMs`, where it does not; else what the call throws.
   */
  readonly run: <T>(call: () => Promise<T>, success?: CallEnd) => Promise<T>;
  readonly state: () => BreakerState;
}

/** `nowMs` is any clock in ms that does not go back. */
export function circuit(name: string, nowMs: () => number): Circuit {
  let state = CLOSED;
  return {
    state: () => state,
    run: async (call, success = 'success') => {
      const admission = admit(state, nowMs());
      state = admission.state;
      if (!admission.admitted) throw refusal(name, state, nowMs());
      const ended = (end: CallEnd): void => {
        state = settle(state, { end, probe: admission.probe, nowMs: nowMs() });
      };
      try {
        const result = await call();
        ended(success);
        return result;
      } catch (error) {
        ended(callEndOf(error));
        throw error;
      }
    },
  };
}

function refusal(name: string, state: BreakerState, nowMs: number): SourceError {
  const retryAfterMs = state.kind === 'closed' ? 0 : Math.max(0, state.untilMs - nowMs);
  return new SourceError(
    'breaker_open',
    `${name} failed ${state.failures} times in a row and is left alone for ${Math.ceil(retryAfterMs / 1000)} s`,
    { retryAfterMs },
  );
}
