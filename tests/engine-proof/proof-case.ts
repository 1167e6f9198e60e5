import type { Calendar, Timeframe } from '@aistock/market';
import type {
  CostModel,
  engineApi,
  Input,
  Limits,
  OrderPolicy,
  SelectionPolicy,
  SessionSlot,
} from '@aistock/shared';

/** An instrument of a case, and where its bars come from. */
export interface ProofMarket {
  readonly instrument: string;
  /** Below a folder of market data; CSV under gzip. */
  readonly file: string;
  /** Where generated prices begin. */
  readonly firstPrice: string;
  readonly limits: Omit<Limits['instruments'][string], 'price_stream'>;
}

/** A slot, and which preset param_controller is told to give it. */
export interface ProofSlot extends Omit<SessionSlot, 'streams'> {
  readonly instrument: string;
  readonly presetId: string;
  /** Of a preset that is registered for the proof; a strategy's own has its parameters. */
  readonly params?: Readonly<Record<string, number>>;
}

/** An account, and everything that is traded on it: the same on paper and in the backtest. */
export interface ProofCase {
  readonly name: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly currency: string;
  /** The source has no bar where nobody traded. */
  readonly tradesOnly: boolean;
  /** Bars before the first that is traded, on which models are trained; without any there are none. */
  readonly trainingBars: number;
  /** The first says from when to when is traded. */
  readonly markets: readonly [ProofMarket, ...ProofMarket[]];
  readonly slots: readonly ProofSlot[];
  readonly costs: CostModel;
  readonly selection: SelectionPolicy | null;
  readonly orders: OrderPolicy;
}

export const START_CASH = '100000';

/** As data_ingester calls it. */
export function streamOf({ name, timeframe }: ProofCase, instrument: string): string {
  return `${name}:${instrument}:${timeframe}`;
}

/** How a case is traded on paper: in one go, or by an engine that is killed again and again. */
export const WAYS = ['whole', 'killed'] as const;
export type Way = (typeof WAYS)[number];

/** Each way has an account of its own. */
export function accountOf({ name }: ProofCase, way: Way): string {
  return `${name}_${way}`;
}

export function limitsOf(proof: ProofCase, account: string): Limits {
  return {
    account,
    clock: 'replay',
    strategies: proof.slots.map(({ strategy }) => strategy),
    restricted: [],
    duplicate_window_ms: 1_000,
    gross_notional_max: '200000',
    instruments: Object.fromEntries(
      proof.markets.map(({ instrument, limits }) => [
        instrument,
        { ...limits, price_stream: streamOf(proof, instrument) },
      ]),
    ),
  };
}

/** What a session and a backtest are asked for alike. */
export function commonTerms({ selection, orders }: ProofCase) {
  return { selection, orders, sizing: {} } satisfies Partial<Input<typeof engineApi.session>['body']>;
}
