import { drift } from '../evidence/drift.ts';
import { regimeWeights } from '../evidence/regime-weights.ts';
import { driftGates } from '../gates/drift-gates.ts';
import { atLeast, type Gate } from '../gates/gate.ts';
import type { PromotionPolicy } from '../policy.ts';
import { pairedMean } from '../statistics/paired-mean.ts';

/** At so many moments of the time that it must have failed for. */
const LOOKS = 3;

/** Rows that a model saw, in order of time. */
export interface SeenRows {
  /** Row-major rows × features. */
  readonly values: Float64Array;
  /** Row-major rows × states: probability of each state given the rows up to each. */
  readonly filtered: Float64Array;
}

/** What a champion showed on bars that came after it took its place, in order of time. */
export interface LiveEvidence {
  /** Predictive log-likelihood of each bar, in nats. */
  readonly logLikelihoods: Float64Array;
  /** Names of the columns. */
  readonly features: readonly string[];
  readonly states: number;
  /** What it was fitted on, or a part of that. */
  readonly training: SeenRows;
  /** The same bars as the log-likelihoods, or the last ones of them. */
  readonly live: SeenRows;
  /** Mean log-likelihood a bar of the hold-out of its training; null where that is not known. */
  readonly holdout: number | null;
}

export interface LiveVerdict {
  /** Whether it has stopped to fit, and that for long enough. */
  readonly degraded: boolean;
  readonly bars: number;
  /** As of the last bar; empty before there are bars enough. */
  readonly gates: readonly Gate[];
  /** In one sentence. */
  readonly reason: string;
}

/** A champion is degraded where one gate fails at every look over a while: a few odd bars are none. */
export function judgeLive(evidence: LiveEvidence, policy: PromotionPolicy): LiveVerdict {
  const { window_bars: windowBars, for_bars: forBars } = policy.degradation;
  const bars = evidence.logLikelihoods.length;
  if (bars < windowBars + forBars)
    return { degraded: false, bars, gates: [], reason: `${bars} of ${windowBars + forBars} bars` };
  const gates = lookAt(evidence, bars, policy);
  let failed = gates.filter(({ pass }) => !pass);
  for (let look = 1; look < LOOKS && failed.length > 0; look++) {
    const before = lookAt(evidence, bars - Math.round((look * forBars) / (LOOKS - 1)), policy);
    failed = failed.filter(({ name }) => before.some((gate) => gate.name === name && !gate.pass));
  }
  const reason = failed.map(({ detail }) => detail).join('; ');
  return { degraded: failed.length > 0, bars, gates, reason: reason || 'it fits the bars that come' };
}

/** As it was after so many bars. */
function lookAt(evidence: LiveEvidence, bars: number, policy: PromotionPolicy): Gate[] {
  const { degradation, model } = policy;
  const { features, states, training } = evidence;
  const ago = evidence.logLikelihoods.length - bars;
  const now = newestRows(evidence, ago, degradation.drift_bars);
  const weights = regimeWeights(training.filtered, now.filtered, states);
  const drifts = features.map((feature, index) =>
    drift({
      feature,
      reference: column(training.values, index, features.length),
      weights,
      now: column(now.values, index, features.length),
      confidence: model.drift_confidence,
    }),
  );
  // What cannot be computed is no proof against a model that passed its gates.
  const known = drifts.filter((each) => each !== null);
  const window = evidence.logLikelihoods.subarray(bars - degradation.window_bars, bars);
  const { values } = newestRows(evidence, ago, degradation.window_bars);
  const hindsight = hindsightOf(features.map((_, index) => column(values, index, features.length)));
  return [
    ...likelihoodGate(evidence, { window, hindsight }, degradation),
    ...(known.length === 0 ? [] : driftGates(known, degradation, 'live bars')),
  ];
}

/** The last rows, so many bars ago. */
function newestRows({ features, states, live }: LiveEvidence, ago: number, count: number): SeenRows {
  const to = live.filtered.length / states - ago;
  const from = Math.max(0, to - count);
  return {
    values: live.values.subarray(from * features.length, to * features.length),
    filtered: live.filtered.subarray(from * states, to * states),
  };
}

function column(values: Float64Array, index: number, dimensions: number): Float64Array {
  return Float64Array.from(
    { length: values.length / dimensions },
    (_, row) => values[row * dimensions + index]!,
  );
}

function likelihoodGate(
  { holdout }: LiveEvidence,
  { window, hindsight }: { readonly window: Float64Array; readonly hindsight: number },
  { fall_min_nats: fallMin, standard_errors: errors }: PromotionPolicy['degradation'],
): Gate[] {
  if (holdout === null) return [];
  const expected = Math.min(holdout, hindsight);
  const fall = pairedMean(window.map((logLikelihood) => logLikelihood - expected));
  if (!fall) return [];
  return [
    atLeast({
      name: 'live_log_likelihood',
      value: fall.mean,
      limit: -Math.max(fallMin, errors * fall.standardError),
      what: 'nats a bar on the newest bars, less what the hold-out of the training promised',
    }),
  ];
}

/**
 * Mean log-likelihood that a Gaussian with the mean and variance of each column itself would have had: -1/2 Σ (ln 2πs² + 1). Bars
 * may be harder to tell than the hold-out was, in a state that the model knows well; nobody could have done better than this
 * without knowing more than their spread.
 */
function hindsightOf(columns: readonly Float64Array[]): number {
  return columns.reduce((sum, values) => {
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
    return sum - (Math.log(2 * Math.PI * variance) + 1) / 2;
  }, 0);
}
