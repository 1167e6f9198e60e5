import { SourceError, type SourceErrorCode } from '../bar-source.ts';

const FAILURES_MAX = 5;
const OPEN_MS = 60_000;

/**
 * A circuit breaker (M. Nygard, "Release It!"): closed lets everything through; open lets nothing through; half open
 * lets one probe through and waits for what becomes of it.
 */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly failures: number; readonly untilMs: number }
  | { readonly kind: 'half_open'; readonly failures: number; readonly untilMs: number };

export const CLOSED: BreakerState = { kind: 'closed', failures: 0 };

/** How a call ended. `neither` says nothing about whether the other side is well. */
export type CallEnd = 'success' | 'failure' | 'neither';

/** Whether a call may go now. Where it is the probe, the state says that one is under way. */
export function admit(
  state: BreakerState,
  nowMs: number,
): { state: BreakerState; admitted: boolean; probe: boolean } {
  if (state.kind === 'closed') return { state, admitted: true, probe: false };
  if (nowMs < state.untilMs) return { state, admitted: false, probe: false };
  // A probe that has told nothing for so long again is given up: another one may go.
  const { failures } = state;
  return {
    state: { kind: 'half_open', failures, untilMs: nowMs + OPEN_MS },
    admitted: true,
    probe: true,
  };
}

/** The state after a call has ended. While it is not closed, only the probe can change it: the others left before. */
export function settle(
  state: BreakerState,
  { end, probe, nowMs }: { end: CallEnd; probe: boolean; nowMs: number },
): BreakerState {
  if (state.kind === 'closed') return settleClosed(state, end, nowMs);
  if (!probe || state.kind === 'open') return state;
  if (end === 'success') return CLOSED;
  // A probe that says nothing makes room for the next one at once.
  const untilMs = end === 'failure' ? nowMs + OPEN_MS : nowMs;
  return { kind: 'open', failures: state.failures + (end === 'failure' ? 1 : 0), untilMs };
}

function settleClosed(state: BreakerState, end: CallEnd, nowMs: number): BreakerState {
  if (end === 'success') return CLOSED;
  if (end === 'neither') return state;
  const failures = state.failures + 1;
  if (failures < FAILURES_MAX) return { kind: 'closed', failures };
  return { kind: 'open', failures, untilMs: nowMs + OPEN_MS };
}

/** No answer, 5xx and nonsense. A wrong name, a limit and a refusal are answers about us, not about the other side. */
const FAILURES: ReadonlySet<SourceErrorCode> = new Set([
  'source_unreachable',
  'malformed_data',
  'source_stuck',
]);

export function callEndOf(error: unknown): CallEnd {
  return error instanceof SourceError && FAILURES.has(error.code) ? 'failure' : 'neither';
}
