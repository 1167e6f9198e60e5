import { CallError } from '@aistock/shared';
import { checkPositions } from './check-positions.ts';
import { nextCloseMs } from './due-bar.ts';
import { recordOf, tellNews } from './executor-desk.ts';
import { noteView } from './journal.ts';
import { liveBars, type LiveBars } from './live-bars.ts';
import { isStale, isWakeDue, readyClose, type StreamProgress } from './ready-close.ts';
import { sessionState } from './session-state.ts';
import type { SessionRun, StreamBar } from './session-run.ts';
import { tradeClose } from './trade-close.ts';

/** How long to wait at most before stale streams are looked for again, in ms. */
const IDLE_MS = 1_000;
/** Between two looks at the orders and at the account while nothing closes, in ms. */
const LOOK_EVERY_MS = 15_000;
const LIVE = { live: true, atOnce: true } as const;

/** Trades closes as their bars come in, until the signal ends it between two of them. */
export async function tradeLive(run: SessionRun, ending: AbortSignal): Promise<void> {
  const over = new AbortController();
  try {
    await tradeBars(run, followBars(run, AbortSignal.any([ending, over.signal])), ending);
  } finally {
    over.abort(); // whatever ended it, nobody takes these bars any more
  }
}

function followBars({ deps, terms, state }: SessionRun, signal: AbortSignal): LiveBars {
  const { neighbours, clock, logger } = deps;
  const streams = terms.streams.map((stream) => ({
    ...stream,
    fromMs: (state.newestOpenMs(stream.id) ?? -1) + 1,
  }));
  return liveBars(neighbours, streams, { signal, clock, logger });
}

async function tradeBars(run: SessionRun, bars: LiveBars, ending: AbortSignal): Promise<void> {
  const { deps, state } = run;
  const passed: StreamBar[] = [];
  while (!ending.aborted) {
    await tellStale(run, progressOf(run, bars, passed));
    const nowMs = deps.clock.nowMs();
    const progress = progressOf(run, bars, passed);
    const { wakeMs } = state.core;
    const isHeard = passed.every(({ closeMs }) => closeMs <= wakeMs);
    if (isHeard && isWakeDue(progress, wakeMs, { nowMs, ...deps.limits })) {
      await tradeClose(run, { atMs: wakeMs, bars: passed.splice(0) }, LIVE);
      continue;
    }
    const step = readyClose(progress, { nowMs, graceMs: deps.limits.graceMs, idleMs: IDLE_MS });
    if (step.kind === 'wait') {
      await lookAround(run);
      await bars.news(step.untilMs - nowMs);
      continue;
    }
    passed.push(...step.streams.flatMap((stream) => bars.take(stream) ?? []));
    // A bar of a close that was decided without it is told with the next one.
    if (step.kind === 'pass' || step.atMs <= state.closeMs) continue;
    tellLate(run, step, nowMs);
    await tradeClose(run, { atMs: step.atMs, bars: passed.splice(0) }, LIVE);
  }
}

/** @param passed bars that were taken and wait to be told with the next close. */
function progressOf(
  { terms, state }: SessionRun,
  bars: LiveBars,
  passed: readonly StreamBar[],
): StreamProgress[] {
  return terms.streams.map((stream) => {
    const newestMs =
      passed.findLast((bar) => bar.stream === stream.id)?.bar.openMs ?? state.newestOpenMs(stream.id);
    return {
      id: stream.id,
      waitingCloses: bars
        .waiting(stream.id)
        .slice(0, 2)
        .map(({ closeMs }) => closeMs),
      // One that has no bar at all should long have had one.
      nextCloseMs: newestMs === undefined ? -Infinity : nextCloseMs(stream, newestMs),
    };
  });
}

/** Tells which streams have begun or ceased to be stale; shown at once, for there may be no close for long. */
async function tellStale(run: SessionRun, streams: readonly StreamProgress[]): Promise<void> {
  const { deps, state, claim } = run;
  let changed = false;
  for (const progress of streams) {
    const { id } = progress;
    const stale = isStale(progress, { nowMs: deps.clock.nowMs(), staleAfterMs: deps.limits.staleAfterMs });
    if (stale === state.stale.has(id)) continue;
    deps.logger[stale ? 'error' : 'info'](stale ? 'a stream is stale' : 'a stream has bars again', {
      stream: id,
    });
    state.tell({ type: 'stale', stream: id, stale });
    changed = true;
  }
  if (changed) await noteView(deps.db, claim, sessionState(run));
}

/**
 * Between two closes: what became of the orders, and whether the account holds what it should. A stop that died, a kill and
 * what somebody else traded are told long before the next bar of a day.
 * @throws ServiceError `position_unexplained`.
 */
async function lookAround(run: SessionRun): Promise<void> {
  const { deps, state, claim } = run;
  const nowMs = deps.clock.nowMs();
  if (Math.abs(nowMs - run.lookedMs) < LOOK_EVERY_MS) return;
  run.lookedMs = nowMs;
  try {
    const before = state.told;
    tellNews(run, await recordOf(run, state.tracker.open));
    await checkPositions(run);
    if (state.told !== before) await noteView(deps.db, claim, sessionState(run));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    deps.logger.warn('the executor does not tell what became of the orders', { error });
  }
}

/** A bar that comes so late enters nothing, and what is held can still be left. */
function tellLate(
  { deps, state }: SessionRun,
  { atMs, streams }: { readonly atMs: number; readonly streams: readonly string[] },
  nowMs: number,
): void {
  if (nowMs <= atMs + deps.limits.staleAfterMs) return;
  for (const stream of streams)
    if (!state.stale.has(stream)) state.tell({ type: 'stale', stream, stale: true });
}
