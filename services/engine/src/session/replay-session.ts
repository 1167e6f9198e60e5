import { ServiceError, type RequestContext } from '@aistock/service-kit';
import type { ReplayTally, SessionRequest } from '@aistock/shared';
import { toWire } from '@aistock/trading/portfolio';
import { barCloseMs, barsBetween } from '../market-stream.ts';
import { sessionOf } from './begin-session.ts';
import { claimSession, releaseClaim, startHeartbeat } from './claim.ts';
import { syncClocks } from './executor-desk.ts';
import { learnOutcomes } from './learn-outcomes.ts';
import { mergeBars } from './merge-bars.ts';
import type { SessionDeps } from './session-deps.ts';
import type { SessionRun, StreamBar } from './session-run.ts';
import { catchUp, takeUp } from './take-up.ts';
import { tradeClose } from './trade-close.ts';
import { writeDown } from './write-down.ts';

const REPLAY = { live: false, atOnce: false } as const;

/**
 * Trades the bars that closed up to a time on paper, one close after the other. The journal is the memory: a session that
 * was killed goes on where it stood, and one that is run again finds nothing to do. An order of which nobody knows what
 * became of it ends the call.
 */
export async function replaySession(
  deps: SessionDeps,
  request: SessionRequest,
  { signal, logger }: Pick<RequestContext, 'signal' | 'logger'>,
): Promise<ReplayTally> {
  const { from_ms: fromMs = 0, to_ms: toMs = 0, account } = request;
  const stored = await sessionOf(deps, request);
  const claim = await claimSession(deps.db, {
    sessionId: stored.session_id,
    account,
    claimer: deps.processId,
    leaseMs: deps.limits.leaseMs,
  });
  const heartbeat = startHeartbeat(deps.db, claim, logger);
  try {
    const run = await takeUp(deps, claim, stored);
    await catchUp(run, { live: false });
    const equityStart = knownEquity(run);
    const ending = AbortSignal.any([signal, heartbeat.lost]);
    if (!isStuck(run)) await tradeUpTo(run, { fromMs, toMs }, ending);
    if (isStuck(run)) logger.error('the replay stopped: nobody knows what became of an order', { account });
    return tally(run, stored.session_id, equityStart);
  } finally {
    await heartbeat.stop();
    await releaseClaim(deps.db, claim);
  }
}

async function tradeUpTo(
  run: SessionRun,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  ending: AbortSignal,
): Promise<void> {
  const { state } = run;
  let atMs: number | undefined;
  for await (const closing of closings(run, { fromMs, asOfMs: toMs })) {
    ending.throwIfAborted();
    if (isStuck(run)) break;
    await tradeClose(run, closing, REPLAY);
    ({ atMs } = closing);
  }
  await writeDown(run, { atOnce: true });
  for (const { slot } of state.outcomes.due) if (isFlat(run, slot)) await learnOutcomes(run, slot);
  if (atMs !== undefined)
    await syncClocks(
      run,
      atMs,
      run.terms.streams.map(({ id }) => id),
    );
}

/**
 * The bars that were not told yet, by their close, and the times at which the core decides without any. One that is older than
 * the last close is told with the next one.
 */
async function* closings(run: SessionRun, range: { readonly fromMs: number; readonly asOfMs: number }) {
  const { deps, terms, state } = run;
  const sources = terms.streams.map(async function* (stream): AsyncGenerator<StreamBar, void> {
    const fromMs = Math.max(range.fromMs, (state.newestOpenMs(stream.id) ?? -1) + 1);
    for await (const bar of barsBetween(deps.neighbours, stream, { fromMs, asOfMs: range.asOfMs }))
      yield { stream: stream.id, bar, closeMs: barCloseMs(stream, bar) };
  });
  const late: StreamBar[] = [];
  for await (const { atMs, bars } of mergeBars(sources)) {
    if (atMs > state.core.wakeMs) yield { atMs: state.core.wakeMs, bars: [] };
    if (atMs <= state.closeMs) late.push(...bars);
    else yield { atMs, bars: [...late.splice(0), ...bars] };
  }
  if (state.core.wakeMs <= range.asOfMs) yield { atMs: state.core.wakeMs, bars: [] };
}

function isFlat({ state }: SessionRun, slot: string): boolean {
  return state.core.books.positions.every((held) => held.slot !== slot || held.position.quantity === '0');
}

/** Whether there is an order of which nobody knows what became of it: time may not pass over it. */
function isStuck({ state }: SessionRun): boolean {
  return state.tracker.unsettled.length > 0;
}

function knownEquity({ state, terms }: SessionRun): string {
  const { equity } = state.core.books;
  if (equity !== null) return toWire(equity);
  throw new ServiceError(
    'equity_unknown',
    409,
    `a position of account ${terms.asked.account} has no mark yet`,
  );
}

function tally(run: SessionRun, sessionId: string, equityStart: string): ReplayTally {
  const { state, counts, lastParams } = run;
  const first = run.terms.asked.slots[0]!;
  const quality = state.quality.get(first.streams[0]!);
  return {
    mode: 'replay',
    session_id: sessionId,
    ...counts,
    unknown: state.tracker.unsettled.length,
    equity: { start: equityStart, end: knownEquity(run) },
    last_decision: lastParams
      ? {
          config_id: lastParams.config_id,
          preset_id: lastParams.preset_id,
          propensity: lastParams.propensity,
        }
      : null,
    quality: quality
      ? { verdict: quality.verdict, reasons: [...quality.reasons] }
      : { verdict: 'unknown', reasons: ['not asked, for no bar was traded'] },
    decision_log_sha256: state.logSha256,
  };
}
