import type { Bar, Timeframe } from '@aistock/market';
import type { CostModel, FundingRate } from '@aistock/shared';
import type { BarSeries } from '../bars/index.ts';
import type {
  ClosedTrade,
  CoreEvent,
  CoreSetup,
  OrderRequest,
  SlotParams,
  StreamQuality,
} from '../core/index.ts';
import type { FillReport, VenueHolding, VenueOrder } from '../fills/index.ts';
import type { RegimeView } from '../strategies/index.ts';

/** A stream's bars, all in memory; the first `warmUp` of them are seen and not traded. */
export interface BacktestSeries {
  readonly series: BarSeries;
  readonly warmUp: number;
  /** Bars of a finer timeframe over the same time, where there are any. */
  readonly detail?: { readonly timeframe: Timeframe; readonly series: BarSeries };
  /** Ascending. */
  readonly funding?: readonly FundingRate[];
}

/** What others answer in a live session. Each answer may use nothing that was not known at the time that it is asked for. */
export interface BacktestAnswers {
  /** What a strategy is told of a stream; an answer that names no strategy is for every slot of the stream. */
  regimeAt(
    stream: string,
    barOpenMs: number,
    strategy?: string,
  ): { readonly regime: RegimeView | null; readonly missing: string | null; readonly strategy?: string };
  paramsAt(
    slot: string,
    atMs: number,
    modelUsable: boolean,
  ): { readonly params: SlotParams | null; readonly missing: string | null };
  /** `pass` where it is left out: a verdict of today about bars of back then would be look-ahead. */
  qualityAt?(stream: string, barOpenMs: number): StreamQuality;
  /** What else is told before the decisions of a close, such as that trading was halted; nothing where it is left out. */
  othersAt?(atMs: number): readonly Extract<CoreEvent, { type: 'trading_state' | 'stale' | 'limits' }>[];
}

/** An account on its way, that a backtest goes on with. Amounts are decimal text. */
export interface BacktestStart {
  /** Of a core of the same setup that had seen the bars of the warm-up. */
  readonly snapshot: unknown;
  readonly cash: string;
  /** Everything that is held, by instrument. */
  readonly held: ReadonlyMap<string, string>;
  /** What works at the venue, exits of brackets among it, by the stream whose bars fill it, oldest first. */
  readonly working: ReadonlyMap<string, readonly VenueOrder[]>;
  /** Orders that were decided and have not left yet. */
  readonly unsent: readonly OrderRequest[];
  /** Decision ids of working orders that were taken back, and the venue has not heard of it yet. */
  readonly takenBack: readonly string[];
}

/**
 * How an order fills at a bar, whole and at once, where another program's rules are to be matched and not a venue's; undefined
 * where it goes on waiting. More or less than was asked for may fill. Decimal text.
 */
export type FillRule = (
  order: VenueOrder,
  bar: Bar,
  holding: VenueHolding,
) => { readonly quantity: string; readonly price: string; readonly fee: string } | undefined;

export interface BacktestTerms {
  /** Orders are reviewed against its limits by the gate's own rules; without any nothing is reviewed but cash. */
  readonly setup: CoreSetup;
  /** By stream id. */
  readonly series: ReadonlyMap<string, BacktestSeries>;
  readonly costs: CostModel;
  /** In place of the venue's rules and of `costs`; for reference cases. */
  readonly fillRule?: FillRule;
  readonly answers: BacktestAnswers;
  /** Begins flat with the setup's cash where it is left out. */
  readonly start?: BacktestStart;
  /** Up to when is decided by the clock once there are no more bars, Unix ms; not at all where it is left out. */
  readonly untilMs?: number;
  /** Leaves what is held at the last closes, with the costs of leaving it; it is marked there where this is left out. */
  readonly settleAtEnd?: boolean;
  /** Takes each fill, right before the core is told of it. */
  readonly filled?: (report: FillReport) => void;
  /** Takes each line of the decision log; null writes none, which is faster. */
  readonly record: ((line: string) => void) | null;
  /** Called now and then with the share that is done, from 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** Money is decimal text, curves are float64. */
export interface BacktestResult {
  /** Closes at which was decided. */
  readonly closes: number;
  readonly bars: number;
  readonly equityStart: string;
  readonly equityEnd: string;
  /** Times and values at each close, the first before any trade. */
  readonly equityMs: Float64Array;
  readonly equity: Float64Array;
  /** Share of closes at which something was held. */
  readonly exposure: number;
  readonly trades: readonly ClosedTrade[];
  readonly orders: {
    readonly sent: number;
    readonly denied: number;
    /** Of those that were sent, whole. */
    readonly filled: number;
    readonly expired: number;
    readonly cancelled: number;
    /** Stops and targets behind entries that filled whole; they are sent with their entry, and are no orders of their own here. */
    readonly exitsFilled: number;
    /** Fills of all of them, each part one. */
    readonly fills: number;
    /** Fills in a bar without volume, or in the first one after missing ones: nobody may have traded at these prices then. */
    readonly staleFills: number;
  };
  /** By code. */
  readonly denials: Readonly<Record<string, number>>;
  /** How often each reason of a decision occurred: why there was, and was not, an order. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly costs: {
    readonly fees: string;
    readonly slippage: string;
    /** Above zero where it was paid, below where it was received. */
    readonly funding: string;
    readonly turnover: string;
  };
  /** Whether something was still held at the end; it is marked at the last close. */
  readonly openAtEnd: boolean;
  /** Positions that were left at the end by `settleAtEnd`, each a trade. */
  readonly settled: number;
}
