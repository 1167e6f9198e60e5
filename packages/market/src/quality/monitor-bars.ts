import type { QualityThresholds } from '@aistock/shared';
import type { Bar } from '../bar.ts';
import { TIMEFRAME_MS, type Timeframe } from '../timeframe.ts';
import { EMPTY_WINDOW, RobustWindow, type WindowState } from './robust-window.ts';

/** What is odd in bars that are sound one by one. `restated`: the source gave another value for a closed bar later. */
export type FindingKind = 'outlier' | 'stale' | 'volume' | 'zero_volume' | 'restated';

/** One odd bar, or a run that begins or goes on. */
export interface Finding {
  readonly kind: FindingKind;
  /** Open time of the bar, Unix ms; of a run, of the bar that made it one or went on with it. */
  readonly openMs: number;
  /** Bars that this adds to the kind: a run that becomes one adds all of its bars, and then each further bar itself. */
  readonly bars: number;
  /** How odd: the size of the z-score, the length of the run in bars, the number of the revision. */
  readonly size: number;
}

/** What {@link monitorBars} has to remember of the bars before: plain JSON, at most two windows of numbers. */
export interface MonitorState {
  /** Null before the first bar. The close is decimal text. */
  readonly last: { readonly openMs: number; readonly close: string } | null;
  /** Log returns a bar. */
  readonly returns: WindowState;
  /** Logarithms of the volumes above zero. */
  readonly volumes: WindowState;
  /** The closes at the end that are all equal: how many, and the open time of the first. */
  readonly stale: { readonly bars: number; readonly fromMs: number };
  /** Bars at the end without volume. */
  readonly zeroVolumeBars: number;
}

/** Where a stream without bars begins. */
export const MONITOR_START: MonitorState = {
  last: null,
  returns: EMPTY_WINDOW,
  volumes: EMPTY_WINDOW,
  stale: { bars: 0, fromMs: 0 },
  zeroVolumeBars: 0,
};

export interface Monitored {
  readonly findings: readonly Finding[];
  readonly state: MonitorState;
}

/**
 * Looks at the next bars of a stream, each against those before it and never against later ones. However the bars are cut
 * into calls, the findings are the same.
 * - `outlier`: the log return of the close against the returns before, each over the square root of its bars' distance in
 *   time, so that a night or a gap may move the price further.
 * - `stale`: closes in a row without a change, with or without volume.
 * - `volume`: the logarithm of the volume against those before; bars without volume are left out.
 * - `zero_volume`: bars in a row without volume, once there was any, for some sources never tell one.
 * @param bars - sound and ascending, after the last one of the state.
 */
export function monitorBars(
  bars: Iterable<Bar>,
  terms: { readonly timeframe: Timeframe; readonly thresholds: QualityThresholds },
  before: MonitorState,
): Monitored {
  const { thresholds } = terms;
  const stepMs = TIMEFRAME_MS[terms.timeframe];
  const returns = new RobustWindow(thresholds.window_bars, before.returns);
  const volumes = new RobustWindow(thresholds.window_bars, before.volumes);
  const findings: Finding[] = [];
  let { last, stale, zeroVolumeBars } = before;
  for (const { openMs, close, volume } of bars) {
    if (last !== null) {
      const logReturn = Math.log(Number(close) / Number(last.close));
      const size = scoreThenPush(returns, logReturn / Math.sqrt((openMs - last.openMs) / stepMs));
      if (size > thresholds.outlier_z) findings.push({ kind: 'outlier', openMs, bars: 1, size });
    }
    stale = close === last?.close ? { ...stale, bars: stale.bars + 1 } : { bars: 1, fromMs: openMs };
    noteRun(findings, 'stale', { openMs, bars: stale.bars, barsMin: thresholds.stale_bars });

    const traded = Number(volume);
    if (traded > 0) {
      const size = scoreThenPush(volumes, Math.log(traded));
      if (size > thresholds.volume_z) findings.push({ kind: 'volume', openMs, bars: 1, size });
      zeroVolumeBars = 0;
    } else if (!volumes.isEmpty) zeroVolumeBars++;
    noteRun(findings, 'zero_volume', { openMs, bars: zeroVolumeBars, barsMin: thresholds.zero_volume_bars });
    last = { openMs, close };
  }
  return {
    findings,
    state: { last, returns: returns.state, volumes: volumes.state, stale, zeroVolumeBars },
  };
}

function scoreThenPush(window: RobustWindow, value: number): number {
  const size = Math.abs(window.scoreOf(value) ?? 0);
  window.push(value);
  return size;
}

function noteRun(
  findings: Finding[],
  kind: FindingKind,
  run: { readonly openMs: number; readonly bars: number; readonly barsMin: number },
): void {
  const { openMs, bars, barsMin } = run;
  if (bars < barsMin) return;
  findings.push({ kind, openMs, bars: bars === barsMin ? bars : 1, size: bars });
}
