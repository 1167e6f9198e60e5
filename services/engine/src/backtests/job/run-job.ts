import type { Calendar, Timeframe } from '@aistock/market';
import type { BacktestRequest, BacktestSlot, PointFigures } from '@aistock/shared';
import type { ReturnBlock } from '@aistock/trading/honesty';
import type { StrategySchema } from '@aistock/trading/policy';
import type { SharedSeries } from './shared-series.ts';

/** What the regime model of a stream said at each of its bars. */
export interface RegimeColumns {
  readonly modelId: string;
  /** Ascending. */
  readonly openMs: Float64Array;
  readonly trend: Float64Array;
  readonly risk: Float64Array;
  /** The model was fitted on bars that open up to here. */
  readonly trainedToMs: number;
  readonly expiresMs: number;
}

/** A stream, its bars and what belongs to them. */
export interface JobStream {
  readonly id: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly bars: SharedSeries;
  /** Bars of a finer timeframe. */
  readonly detail: { readonly timeframe: Timeframe; readonly bars: SharedSeries } | null;
}

/** What of a strategy's schema says when a preset is given, and for how long. Plain JSON. */
export interface PresetTerms extends Pick<StrategySchema, 'expiry_s' | 'features'> {
  /** The preset without a model, that of `conservative_params`. */
  readonly conservative: string;
}

/** A slot with everything filled in that was left to defaults. */
export type JobSlot = Required<Omit<BacktestSlot, 'model_id' | 'preset_id'>> &
  Pick<BacktestSlot, 'model_id' | 'preset_id'> & {
    /** How param_controller gives presets, where one is named. */
    readonly preset_terms?: PresetTerms;
  };

/** What was asked for, in full: of one shape, whichever form the request had. */
export type FullRequest = Omit<
  BacktestRequest,
  'slots' | 'strategy' | 'stream' | 'params' | 'model_id' | 'model_use'
> & { readonly slots: readonly JobSlot[] };

/** A backtest with its data, as it goes to a worker thread. */
export interface RunJob {
  /** Names the job: a thread that has worked on it keeps its series. */
  readonly key: string;
  readonly request: FullRequest;
  readonly currency: string;
  readonly streams: readonly JobStream[];
  /** By slot. */
  readonly regimes: ReadonlyMap<string, RegimeColumns>;
  /** Thousandths that are done, for whoever watches. */
  readonly progress: Int32Array;
}

/** How one backtest of a study differs from what was asked for. Plain JSON. */
export interface Point {
  /** Parameters of the first slot. */
  readonly params?: Readonly<Record<string, number>>;
  /** Another part of the period. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly scenario?: string;
}

/** What came of a point. Plain JSON. */
export interface PointResult {
  readonly figures: PointFigures;
  /** The daily returns by blocks of the time, all that tells how well a choice among points holds; null of too few days. */
  readonly blocks: readonly ReturnBlock[] | null;
}
