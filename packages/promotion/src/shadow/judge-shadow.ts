import { flipsOf } from '../evidence/label-stability.ts';
import { atLeast, atMost, moreThan, type Gate } from '../gates/gate.ts';
import type { PromotionPolicy } from '../policy.ts';
import { anytimeBounds } from '../statistics/anytime-bounds.ts';
import { pairedMean } from '../statistics/paired-mean.ts';

/** What a model said of a bar that came. */
export interface BarScore {
  /** Predictive log-likelihood of the bar's features given all bars before, in nats. */
  readonly logLikelihood: number;
  /** The most likely state at its close. */
  readonly state: number;
}

/** What two models said of exactly the same bars, in order of time. */
export interface ShadowEvidence {
  readonly challenger: readonly BarScore[];
  readonly champion: readonly BarScore[];
  /** Days that it must run. */
  readonly days: number;
  /** Days since it began. */
  readonly daysRun: number;
}

/** How much better the challenger is, in nats a bar, with bounds that hold however often this is asked. */
export interface ShadowDifference {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ShadowVerdict {
  readonly outcome: 'better' | 'not_better' | 'undecided';
  readonly bars: number;
  /** Null before there are bars enough, and where a model gave no number. */
  readonly difference: ShadowDifference | null;
  /** What it must show; those that do not pass are what is missing. */
  readonly gates: readonly Gate[];
  /** In one sentence. */
  readonly reason: string;
}

/**
 * Whether a challenger takes the place of the champion, may go on, or has to go. May be asked at every bar: one that is no better
 * takes the place with the probability `level` at most over all of them. {@link anytimeBounds}
 */
export function judgeShadow(evidence: ShadowEvidence, policy: PromotionPolicy): ShadowVerdict {
  const { challenger, champion, days, daysRun } = evidence;
  const { shadow } = policy;
  const bars = challenger.length;
  const difference = bars < shadow.bars_min ? null : differenceOf(evidence, shadow);
  const gates = [
    atLeast({ name: 'shadow_days', value: daysRun, limit: days, what: 'days beside the champion' }),
    atLeast({ name: 'shadow_bars', value: bars, limit: shadow.bars_min, what: 'bars that both judged' }),
    moreThan({
      name: 'better_on_live_bars',
      value: difference?.lower,
      limit: 0,
      what: 'nats a bar above the champion that are sure, however often this was asked',
    }),
    atMost({
      name: 'live_flips',
      value: flipShare(challenger),
      limit: Math.max(policy.model.flips_max, policy.model.flip_ratio_max * (flipShare(champion) ?? 0)),
      what: "changes of state a bar, against the champion's",
    }),
  ];
  return { ...outcomeOf(gates, difference, evidence, shadow), bars, difference, gates };
}

/** Null where there is no bar after another one. */
const flipShare = (scores: readonly BarScore[]): number | null =>
  scores.length < 2 ? null : flipsOf(scores.map(({ state }) => state));

function differenceOf(
  { challenger, champion }: ShadowEvidence,
  { level, bars_min: tightRows }: PromotionPolicy['shadow'],
): ShadowDifference | null {
  const differences = Float64Array.from(
    challenger,
    ({ logLikelihood }, bar) => logLikelihood - (champion[bar]?.logLikelihood ?? Number.NaN),
  );
  const mean = pairedMean(differences);
  return mean && { mean: mean.mean, ...anytimeBounds(mean, { level, tightRows }) };
}

function outcomeOf(
  gates: readonly Gate[],
  difference: ShadowDifference | null,
  { days, daysRun }: ShadowEvidence,
  { days_max }: PromotionPolicy['shadow'],
): Pick<ShadowVerdict, 'outcome' | 'reason'> {
  const missing = gates.filter(({ pass }) => !pass);
  const details = missing.map(({ detail }) => detail).join('; ');
  if (missing.length === 0) return { outcome: 'better', reason: 'better on bars that came after both' };
  if (difference && difference.upper < 0)
    return { outcome: 'not_better', reason: 'worse than the champion on bars that came after both' };
  const daysMax = Math.max(days, days_max);
  if (daysRun >= daysMax)
    return { outcome: 'not_better', reason: `not shown to be better within ${daysMax} days: ${details}` };
  return { outcome: 'undecided', reason: details };
}
