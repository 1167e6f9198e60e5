/** What is known of a stream when it is asked whether a close can be traded. */
export interface StreamProgress {
  readonly id: string;
  /** When the bars that wait to be told closed, ascending, Unix ms. */
  readonly waitingCloses: readonly number[];
  /** When the next bar after the last one that came in should close; undefined where none is expected. */
  readonly nextCloseMs: number | undefined;
}

/** What is to be done now: trade a close, pass over its bars without deciding, or wait until a time at most. */
export type NextStep =
  | { readonly kind: 'trade' | 'pass'; readonly atMs: number; readonly streams: readonly string[] }
  | { readonly kind: 'wait'; readonly untilMs: number };

/**
 * The oldest close of which there are bars. It waits for the bars of other streams that should have closed by then, until
 * the grace is over. A close that later ones of all its streams follow already is of the past, as after a break: its bars
 * are told and nothing is decided on them.
 */
export function readyClose(
  streams: readonly StreamProgress[],
  { nowMs, graceMs, idleMs }: { readonly nowMs: number; readonly graceMs: number; readonly idleMs: number },
): NextStep {
  const atMs = Math.min(...streams.map(({ waitingCloses }) => waitingCloses[0] ?? Infinity));
  if (atMs === Infinity) return { kind: 'wait', untilMs: nowMs + idleMs };
  const closing = streams.filter(({ waitingCloses }) => waitingCloses[0] === atMs);
  const ids = closing.map(({ id }) => id);
  if (closing.every(({ waitingCloses }) => waitingCloses.length > 1))
    return { kind: 'pass', atMs, streams: ids };
  const isAwaited = streams.some(
    ({ waitingCloses, nextCloseMs }) =>
      waitingCloses.length === 0 && nextCloseMs !== undefined && nextCloseMs <= atMs,
  );
  return isAwaited && nowMs < atMs + graceMs
    ? { kind: 'wait', untilMs: Math.min(atMs + graceMs, nowMs + idleMs) }
    : { kind: 'trade', atMs, streams: ids };
}

/**
 * Whether the core is to decide at its own time now, without a bar: every bar that closed by then has had the grace to come
 * and was told, and it is not past for so long that nothing of then is acted on any more.
 */
export function isWakeDue(
  streams: readonly StreamProgress[],
  wakeMs: number,
  {
    nowMs,
    graceMs,
    staleAfterMs,
  }: { readonly nowMs: number; readonly graceMs: number; readonly staleAfterMs: number },
): boolean {
  if (nowMs < wakeMs + graceMs || nowMs > wakeMs + Math.max(graceMs, staleAfterMs)) return false;
  return streams.every(({ waitingCloses: [next] }) => next === undefined || next > wakeMs);
}

/** Whether a bar is missing for too long. */
export function isStale(
  { waitingCloses, nextCloseMs }: StreamProgress,
  { nowMs, staleAfterMs }: { readonly nowMs: number; readonly staleAfterMs: number },
): boolean {
  return waitingCloses.length === 0 && nextCloseMs !== undefined && nowMs > nextCloseMs + staleAfterMs;
}
