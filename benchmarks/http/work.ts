import { createHash } from 'node:crypto';
import type { Limits, OrderTerms } from '@aistock/shared';
import type { Work } from './load.ts';

const DAY_MS = 86_400_000;
export const STREAM = 'csv:SP500:1d';
export const BAR_OPEN_MS = Date.UTC(2020, 0, 2);
/** Several, because the gate checks the orders of one account one after the other. */
export const ACCOUNTS = ['paper', 'paper_two', 'paper_three', 'paper_four'] as const;

/** Parameters for a context, as the engine asks for them at each bar. */
export const PARAM_WORK: Work = {
  next: () => ({
    method: 'GET',
    path: '/param/momentum_breakout/SP500?features[hmm_trend]=0.7&features[vol]=0.3',
    headers: {},
  }),
  answer: '"preset_id"',
};

/** Limits that let each order of the benchmark through. */
export const limitsOf = (account: string): Limits => ({
  account,
  clock: 'replay',
  strategies: ['momentum_breakout'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: '1000000000',
  instruments: {
    SP500: {
      price_stream: STREAM,
      price_age_ms_max: 365 * DAY_MS,
      tick_size: '0.01',
      lot_size: '1',
      quantity_max: '100',
      notional_min: '1',
      notional_max: '1000000',
      collar_bps: 500,
      gross_notional_max: '1000000000',
    },
  },
});

/** Orders that pass every check, each another one. */
export function checkWork(): Work {
  let orders = 0;
  const next = () => {
    orders += 1;
    const terms: OrderTerms = {
      client_order_id: `bench${String(orders).padStart(20, '0')}`,
      account: ACCOUNTS[orders % ACCOUNTS.length] ?? ACCOUNTS[0],
      strategy: 'momentum_breakout',
      slot: 'breakout',
      instrument: 'SP500',
      side: 'buy',
      order_type: 'market',
      quantity: '1',
      limit_price: null,
      stop_price: null,
      trail_bps: null,
      time_in_force: 'day',
      extended_hours: false,
      reduce_only: false,
      protection: null,
    };
    const body = {
      terms,
      decision_id: createHash('sha256').update(String(orders)).digest('hex'),
      as_of_ms: BAR_OPEN_MS + 2 * DAY_MS + orders,
    };
    return {
      method: 'POST' as const,
      path: '/check',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
  };
  return { next, answer: '"approved"' };
}
