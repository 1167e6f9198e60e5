import { filter, modelFromJson, regimeOf, stateDeviations, stateMeanings, stateMeans } from '@aistock/hmm-ts';
import type { Hmm, StateMeanings } from '@aistock/hmm-ts';
import { coarsen, COLUMNS, stretchesOf } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import type { Validation, ValidationInput } from '../../validation/validate.ts';
import { calibrationContent, differenceContent, driftContent, judgementContent } from './evidence-content.ts';
import { asKept, seriesOf, type ReportContent } from './report-content.ts';
import { stationaryShares } from './stationary-shares.ts';

type Regimes = NonNullable<ModelReport['regimes']>;

/** What a regime model is and showed, in the thread that fitted it. */
export function regimeContent(input: ValidationInput, validation: Validation): ReportContent {
  const { task, bars, job, result } = input;
  const { overOneState, memory, champion, calibrations, drifts, leak, holdoutBars } = validation.evidence;
  const hmm = modelFromJson(result.model);
  const openMs = Float64Array.from(bars, (bar) => bar.openMs);
  const rowMs = openMs.subarray(openMs.length - job.rows.values.length / job.rows.dimensions);
  return asKept({
    quality: task.quality,
    holdout: {
      from_ms: rowMs[job.split.holdoutFrom]!,
      to_ms: rowMs.at(-1)!,
      bars: holdoutBars,
      log_likelihood: result.holdout,
    },
    judgements: judgementContent(validation),
    differences: [
      ...differenceContent({ against: 'one_state', horizon_bars: 1, on: 'holdout' }, overOneState),
      ...memory.flatMap(({ horizonBars, holdout, train }) => {
        const about = { against: 'no_memory', horizon_bars: horizonBars } as const;
        return [
          ...differenceContent({ ...about, on: 'holdout' }, holdout),
          ...differenceContent({ ...about, on: 'train' }, train),
        ];
      }),
      ...differenceContent({ against: 'champion', horizon_bars: 1, on: 'holdout' }, champion?.difference),
    ],
    champion: champion
      ? {
          expired: champion.expired,
          labels: champion.labels && {
            rows: champion.labels.rows,
            changed: champion.labels.changed,
            flips: champion.labels.flips,
            champion_flips: champion.labels.championFlips,
          },
        }
      : null,
    calibrations: calibrations.map(calibrationContent),
    drifts: drifts.map(driftContent),
    leak: leak && { compared: leak.compared, differing: leak.differing },
    closes: seriesOf(
      openMs,
      Float64Array.from(bars, (bar) => Number(bar.close)),
    ),
    regimes: {
      ...fitContent(input),
      states: statesOf(hmm),
      ribbon: ribbonOf(hmm, input, rowMs),
    },
    forecast: null,
  });
}

function fitContent({ job, result }: ValidationInput): Omit<Regimes, 'states' | 'ribbon'> {
  const { r2Train, r2Holdout, weights } = result.regression;
  return {
    candidates: result.candidates.map(({ states, bic, logLikelihood, converged }) => ({
      states,
      bic,
      converged,
      log_likelihood: logLikelihood,
    })),
    fit_path: result.history.map((total) => total / job.split.trainRows),
    next_return: { r2_train: r2Train, r2_holdout: r2Holdout, weights: { ...weights } },
  };
}

function statesOf(hmm: Hmm): Regimes['states'] {
  const { states, dimensions, transition } = hmm;
  const [means, deviations, meanings] = [stateMeans(hmm), stateDeviations(hmm), stateMeanings(hmm)];
  const shares = stationaryShares(transition, states);
  return Array.from({ length: states }, (_, state) => {
    const next = transition.subarray(state * states, (state + 1) * states);
    const own = [state * dimensions, (state + 1) * dimensions] as const;
    return {
      name: stateName(meanings, state),
      stationary_share: shares?.[state] ?? null,
      // The length of a stay is geometric.
      dwell_bars: 1 / (1 - next[state]!),
      means: [...means.subarray(...own)],
      deviations: [...deviations.subarray(...own)],
      transition: [...next],
    };
  });
}

/** By the rank of its volatility and the sign of its mean return. */
function stateName({ trends, volatilityRanks }: StateMeanings, state: number): string {
  const rank = volatilityRanks[state]!;
  const volatility = rank === trends.length - 1 ? 'turbulent' : rank === 0 ? 'calm' : `middle ${rank}`;
  const trend = trends[state]!;
  return `${volatility}, ${trend > 0 ? 'rising' : trend < 0 ? 'falling' : 'level'}`;
}

/** What each bar was taken for by the bars up to it, from the first one that has features. */
function ribbonOf(hmm: Hmm, { job }: ValidationInput, rowMs: Float64Array): Regimes['ribbon'] {
  const { filtered } = filter(hmm, job.rows);
  const meanings = stateMeanings(hmm);
  const regimes = Array.from(rowMs, (fromMs, row) => {
    const { trend, risk } = regimeOf(meanings, filtered.subarray(row * hmm.states, (row + 1) * hmm.states));
    return { fromMs, regime: { hmmTrend: trend, hmmRisk: risk } };
  });
  return coarsen(stretchesOf(regimes, rowMs.at(-1)!), COLUMNS).map(({ fromMs, name }) => ({
    from_ms: fromMs,
    name,
  }));
}
