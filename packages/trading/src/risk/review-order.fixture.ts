import type { DenialCode, Limits, OrderTerms } from '@aistock/shared';
import { reviewOrder, type AccountBooks, type RiskInputs } from './index.ts';

export const NOW_MS = 1_600_000_000_000;

export const terms: OrderTerms = {
  client_order_id: 'as0123456789abcdef',
  account: 'paper',
  strategy: 'trend_following',
  slot: 'trend',
  instrument: 'BTC/USDT',
  side: 'buy',
  order_type: 'limit',
  quantity: '2',
  limit_price: '100.5',
  stop_price: null,
  trail_bps: null,
  time_in_force: 'day',
  extended_hours: false,
  reduce_only: false,
  protection: null,
};

export const instrumentLimits: Limits['instruments'][string] = {
  price_stream: 'csv:BTC/USDT:1d',
  price_age_ms_max: 60_000,
  tick_size: '0.5',
  lot_size: '0.1',
  quantity_max: '10',
  notional_min: '10',
  notional_max: '1500',
  collar_bps: 500,
  gross_notional_max: '2000',
};

const limits: Limits = {
  account: 'paper',
  clock: 'replay',
  strategies: ['trend_following'],
  restricted: [],
  duplicate_window_ms: 1_000,
  gross_notional_max: '3000',
  instruments: {
    'BTC/USDT': instrumentLimits,
    'ETH/USDT': { ...instrumentLimits, price_stream: 'csv:ETH/USDT:1d' },
  },
};

const books: AccountBooks = {
  venue: 'paper',
  cash: '10000',
  reconciled: true,
  positions: [],
  openOrders: [],
  earlierOrders: [],
};

export const inputs: RiskInputs = {
  limits,
  clockMs: NOW_MS,
  books,
  clientOrderIdUsed: false,
  prices: new Map([['BTC/USDT', { price: '100', atMs: NOW_MS }]]),
  inRegularHours: true,
  kills: [],
};

export function codes(order: Partial<OrderTerms>, change: Partial<RiskInputs> = {}): DenialCode[] {
  const verdict = reviewOrder({ ...terms, ...order }, { ...inputs, ...change });
  return verdict.verdict === 'denied' ? verdict.denials.map(({ code }) => code) : [];
}

export const withBooks = (change: Partial<AccountBooks>): Partial<RiskInputs> => ({
  books: { ...books, ...change },
});
export const withLimits = (change: Partial<Limits>): Partial<RiskInputs> => ({
  limits: { ...limits, ...change },
});
export const withPrice = (price: string, atMs = NOW_MS): Partial<RiskInputs> => ({
  prices: new Map([['BTC/USDT', { price, atMs }]]),
});
export const market = { order_type: 'market', limit_price: null } as const;
export const held = (quantity: string, instrument = 'BTC/USDT') => ({
  positions: [{ instrument, quantity }],
});
export const open = (side: 'buy' | 'sell', quantity: string, instrument = 'BTC/USDT') => ({
  openOrders: [
    { clientOrderId: 'as9999999999999999', instrument, side, quantity, price: '100', bracket: null },
  ],
});
/** The stop and the target of a bracket, both for the same quantity. */
export const exits = (quantity: string) => ({
  openOrders: ['stop', 'target'].map((part) => ({
    clientOrderId: `as777777777777${part}`,
    instrument: 'BTC/USDT',
    side: 'sell' as const,
    quantity,
    price: '500',
    bracket: 'as7777777777777777',
  })),
});
export const stop = (stopPrice: string) =>
  ({ order_type: 'stop', limit_price: null, stop_price: stopPrice }) as const;
export const trailing = (trailBps: number) =>
  ({ order_type: 'trailing_stop', limit_price: null, trail_bps: trailBps }) as const;
export const bracket = (parts: Partial<NonNullable<OrderTerms['protection']>>) => ({
  protection: { stop_price: null, target_price: null, trail_bps: null, ...parts },
});
export const earlier = {
  clientOrderId: 'as8888888888888888',
  strategy: 'trend_following',
  instrument: 'BTC/USDT',
  side: 'buy',
  quantity: '2.0',
  atMs: NOW_MS - 999,
} as const;

/** An order that is denied for one reason. */
export interface Case {
  readonly name: string;
  readonly code: DenialCode;
  readonly order?: Partial<OrderTerms>;
  readonly change?: Partial<RiskInputs>;
  /** The smallest change that lets it pass. */
  readonly passes?: { readonly order?: Partial<OrderTerms>; readonly change?: Partial<RiskInputs> };
}
