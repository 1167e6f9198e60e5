import { ServiceError } from '@aistock/service-kit';
import type { ShadowResult } from '@aistock/shared';
import type { Bar } from '@aistock/market';
import {
  compareDay,
  judgeDay,
  type DayComparison,
  type DayVerdict,
  type ShadowDay,
} from '@aistock/trading/shadow';
import { SessionCore, type SessionSnapshot } from '../../session/session-core.ts';
import { coreSetup, lookbackBars } from '../../session/session-terms.ts';
import type { ShadowJob } from './shadow-job.ts';

/** Decisions that differ that are kept, and characters of each of their lines. */
const DIFFERENCES_KEPT = 20;
const LINE_CHARACTERS_MAX = 4_000;
const PER_BPS = 10_000;

export type ShadowOutcome =
  | { readonly verdict: DayVerdict['verdict']; readonly result: ShadowResult }
  | { readonly problem: { readonly code: string; readonly detail: string } };

/** Compares and judges a day, in a worker thread: a problem is an answer, for errors lose their names on the way. */
export function compareShadow(job: ShadowJob): ShadowOutcome {
  try {
    const compared = compareDay(shadowDay(job));
    const judged = judgeDay(compared, job.thresholds);
    return { verdict: judged.verdict, result: resultOf(job, compared, judged) };
  } catch (error) {
    if (error instanceof ServiceError) return { problem: { code: error.code, detail: error.message } };
    // What does not fit together is refused with a RangeError: a journal of other code, a bar that is gone.
    if (error instanceof RangeError) return { problem: { code: 'day_unfit', detail: error.message } };
    throw error;
  }
}

/** The day, from where the session stood when it began. @throws ServiceError `journal_mismatch`. */
function shadowDay({ terms, costs, snapshot, before, closes, known }: ShadowJob): ShadowDay {
  const setup = coreSetup(terms);
  const { seq } = snapshot;
  const state = new SessionCore(setup, snapshot.state as SessionSnapshot, {
    lookback: lookbackBars(setup),
    seq,
  });
  for (const entry of before) state.replay(entry);
  return {
    setup,
    costs,
    start: {
      snapshot: state.core.snapshot(),
      closeMs: Number.isFinite(state.closeMs) ? state.closeMs : null,
      bars: new Map(setup.streams.map(({ id }) => [id, seenBars(state, id)])),
      takenBack: state.tracker.open
        .filter(({ isTakenBack }) => isTakenBack)
        .map(({ request }) => request.decisionId),
    },
    closes,
    known,
  };
}

function seenBars(state: SessionCore, stream: string): Bar[] {
  const { series, count } = state.bars(stream);
  return Array.from({ length: count }, (_, index) => series.exact(index));
}

function resultOf(
  { thresholds, knownMs }: ShadowJob,
  compared: DayComparison,
  { strategies }: DayVerdict,
): ShadowResult {
  const { equityStart, equityEnd, difference, parts, decisions, fills, sameBars } = compared;
  return {
    thresholds: {
      alert_bps: thresholds.alertBps,
      reduce_bps: thresholds.reduceBps,
      alert_share: thresholds.alertShare,
      reduce_share: thresholds.reduceShare,
    },
    strategies: strategies.map(({ decisionShare, ...rest }) => ({ ...rest, decision_share: decisionShare })),
    equity: { start: equityStart, ...equityEnd },
    difference,
    difference_bps: (Number(difference) / Number(equityStart)) * PER_BPS,
    parts,
    slots: compared.slots.map(({ live: _live, shadow: _shadow, ...slot }) => slot),
    decisions: {
      compared: decisions.compared,
      differing: decisions.differing,
      unexplained: decisions.unexplained,
      first: decisions.differences.slice(0, DIFFERENCES_KEPT).map(({ atMs, live, shadow, ...rest }) => ({
        at_ms: atMs,
        ...rest,
        inputs: [...rest.inputs],
        live: cut(live),
        shadow: cut(shadow),
      })),
    },
    fills,
    bars: { same_at_end: sameBars.atEnd, same_now: sameBars.now, known_ms: knownMs },
  };
}

function cut(line: string | null): string | null {
  return line && line.slice(0, LINE_CHARACTERS_MAX);
}
