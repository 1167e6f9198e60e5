import {
  HmmError,
  regimeOf,
  stateMeanings,
  streamFilter,
  type FilterState,
  type RegimeReading,
  type StreamFilter,
} from '@aistock/hmm-ts';
import { MODEL_WARM_UP_BARS, modelFeatures, TIMEFRAME_MS, type PriceBar } from '@aistock/market';
import type { FollowedStream } from '../../following/catch-up.ts';
import type { RegimeModel } from '../../registry/load-regime-model.ts';

/** Bars of before whose features are held against those that come: so many, evenly over the training. */
const TRAINING_ROWS_MAX = 1_000;
/** Newest bars that are kept: the longest window that a policy can ask for, and as long as it must have failed. */
const LIVE_ROWS_MAX = 6_000;
/** Of a bar that a model holds impossible, which has no finite one; in nats. */
const IMPOSSIBLE_LOG_LIKELIHOOD = -1e6;

/** What a model made of a bar. */
export interface LiveBar extends RegimeReading {
  readonly openMs: number;
  /** Of the row given all bars before, in nats. */
  readonly logLikelihood: number;
  readonly row: Float64Array;
  /** Of each state, given the bars up to this one. */
  readonly probabilities: Float64Array;
}

/** A model over the bars of its stream, without those that nobody asks about any more. */
export interface LivePath extends FollowedStream {
  readonly states: number;
  /** Mean log-likelihood a bar of the hold-out of its training; null where that is not known. */
  readonly holdout: number | null;
  /** Some of the bars that it was fitted on, in order of time. */
  readonly training: LiveBar[];
  /** The newest bars that closed after it was made. */
  readonly live: LiveBar[];
  /** Those of them that are not on record yet. */
  readonly unwritten: LiveBar[];
}

/** @param writtenMs - open time of the last bar on record; -Infinity where there is none. */
export function startLivePath({ row, hmm, filterFromMs }: RegimeModel, writtenMs: number): LivePath {
  const filter = streamFilter(hmm);
  const meanings = stateMeanings(hmm);
  const [fromMs, toMs, madeMs] = [row.trained_from_at, row.trained_to_at, row.created_at].map(Number);
  const sampleMs = sampleEveryMs(fromMs!, toMs!, TIMEFRAME_MS[row.timeframe]);
  let state = filter.initial;
  let recent: PriceBar[] = [];
  let sampledMs = -Infinity;
  const path: LivePath = {
    filterFromMs,
    states: hmm.states,
    holdout: row.holdout_log_likelihood,
    training: [],
    live: [],
    unwritten: [],
    revisedMs: 0,
    lastSeenMs: () => recent.at(-1)?.openMs,
    extend: (bars) => {
      const seenMs = recent.at(-1)?.openMs ?? -Infinity;
      const all = [...recent, ...bars.filter(({ openMs }) => openMs > seenMs)];
      const { firstIndex, dimensions, values } = modelFeatures(all);
      for (let index = firstIndex; index < all.length; index++) {
        const from = (index - firstIndex) * dimensions;
        const own = values.subarray(from, from + dimensions);
        state = stepOver(filter, state, own);
        keep(all[index]!.openMs, own);
      }
      recent = all.slice(-MODEL_WARM_UP_BARS);
    },
  };
  const keep = (openMs: number, own: Float64Array): void => {
    const isSample = openMs >= fromMs! && openMs <= toMs! && openMs >= sampledMs + sampleMs;
    const isLive = openMs >= madeMs!;
    if (!isSample && !isLive) return;
    const { logLikelihood, probabilities } = state;
    const bar = {
      openMs,
      logLikelihood,
      row: own.slice(),
      probabilities,
      ...regimeOf(meanings, probabilities),
    };
    if (isSample) {
      sampledMs = openMs;
      path.training.push(bar);
    }
    if (!isLive) return;
    path.live.push(bar);
    if (path.live.length > LIVE_ROWS_MAX) path.live.shift();
    if (openMs > writtenMs) path.unwritten.push(bar);
  };
  return path;
}

const sampleEveryMs = (fromMs: number, toMs: number, barMs: number): number =>
  Math.max(barMs, Math.ceil((toMs - fromMs) / TRAINING_ROWS_MAX));

/** With the log-likelihood of this row alone: a sum over a million rows would round it. */
function stepOver(filter: StreamFilter, state: FilterState, row: Float64Array): FilterState {
  try {
    return filter.filterStep({ ...state, logLikelihood: 0 }, row);
  } catch (error) {
    if (!(error instanceof HmmError) || error.code !== 'impossible_observation') throw error;
    return { ...filter.skip(state, 1), logLikelihood: IMPOSSIBLE_LOG_LIKELIHOOD };
  }
}
