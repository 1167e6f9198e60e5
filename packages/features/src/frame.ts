import type { PriceBar, Timeframe } from '@aistock/market';
import type { FeatureRef } from '@aistock/models';
import { refOf, type Feature } from './feature.ts';
import { FeatureError } from './feature-error.ts';

/** Where several features of one stream stand after its last bar. Plain JSON: kept and read again it goes on bit for bit. */
export interface FrameState {
  readonly timeframe: Timeframe;
  readonly features: readonly FeatureRef[];
  /** Bars taken so far. */
  bars: number;
  /** Open time of the last one, Unix ms UTC. */
  lastOpenMs: number | null;
  /** One a feature. */
  readonly states: readonly unknown[];
}

/** Before the first bar. */
export const startFrame = (features: readonly Feature[], timeframe: Timeframe): FrameState => ({
  timeframe,
  features: features.map(refOf),
  bars: 0,
  lastOpenMs: null,
  states: features.map((feature) => feature.start(timeframe)),
});

/**
 * Takes bars that follow on the last one into the state, and gives the columns of their values, one a feature in its order;
 * NaN while a feature warms up and where it has no value.
 * @throws FeatureError `bad_state` for the state of other features; `bad_bar`, before anything is taken, for a bar that
 *   does not follow in time, a price that is not finite and above zero, or a volume that is not finite or below zero.
 */
export function extendFrame(
  features: readonly Feature[],
  frame: FrameState,
  bars: readonly PriceBar[],
): Float64Array[] {
  assertStateOf(features, frame);
  assertBars(bars, frame.lastOpenMs ?? -Infinity);
  const columns = features.map((feature, index) => columnOf(feature, frame.states[index], bars, frame.bars));
  frame.bars += bars.length;
  frame.lastOpenMs = bars.at(-1)?.openMs ?? frame.lastOpenMs;
  return columns;
}

/** The columns of features over all bars of a stream, from its first bar on. Errors as {@link extendFrame}. */
export const columnsOf = (
  features: readonly Feature[],
  bars: readonly PriceBar[],
  timeframe: Timeframe,
): Float64Array[] => extendFrame(features, startFrame(features, timeframe), bars);

function columnOf(
  feature: Feature,
  state: unknown,
  bars: readonly PriceBar[],
  barsBefore: number,
): Float64Array {
  const column = new Float64Array(bars.length);
  const warmBars = feature.warmUpBars - barsBefore;
  for (let i = 0; i < bars.length; i++) {
    const value = feature.step(state, bars[i]!);
    // JSON has no negative zero, so a feature has none either.
    column[i] = i < warmBars ? Number.NaN : value + 0;
  }
  return column;
}

const nameAll = (refs: readonly FeatureRef[]): string =>
  refs.map(({ name, version }) => `${name} ${version}`).join(', ');

function assertStateOf(features: readonly Feature[], frame: FrameState): void {
  if (nameAll(features) !== nameAll(frame.features) || frame.states.length !== features.length)
    throw new FeatureError(
      'bad_state',
      `the state is of ${nameAll(frame.features)}, not of ${nameAll(features)}`,
    );
}

function assertBars(bars: readonly PriceBar[], lastOpenMs: number): void {
  let before = lastOpenMs;
  for (const bar of bars) {
    const { openMs, open, high, low, close, volume } = bar;
    if (!(openMs > before) || !Number.isSafeInteger(openMs))
      throw new FeatureError('bad_bar', `a bar must open after ${before}, in whole ms, not at ${openMs}`);
    const least = Math.min(open, high, low, close);
    if (!(least > 0 && Math.max(open, high, low, close) < Infinity))
      throw new FeatureError('bad_bar', `prices must be finite and above 0 in the bar of ${openMs}`);
    if (!(volume >= 0 && volume < Infinity))
      throw new FeatureError(
        'bad_bar',
        `volume must be finite and from 0 in the bar of ${openMs}, not ${volume}`,
      );
    before = openMs;
  }
}
