import { z } from 'zod';
import { READERS, route, TRADERS } from '../route.ts';
import { Decimal, Instrument, Ms, Name, PositiveDecimal, Sha256, Side, StreamId } from '../vocabulary.ts';
import { Verdict } from './market/quality.ts';
import { Params } from './param-controller.ts';

export const Trade = z.strictObject({
  side: Side,
  quantity: PositiveDecimal,
  entry_ms: Ms,
  entry_price: PositiveDecimal,
  exit_ms: Ms,
  exit_price: PositiveDecimal,
  fees: Decimal,
  pnl: Decimal,
});

export const Signal = z.strictObject({
  strategy: Name,
  instrument: Instrument,
  stream: StreamId,
  bar_open_ms: Ms,
  action: z.enum(['enter_long', 'exit_long']),
  reason: z.string(),
  /** Why an entry was not made, where that is for the quality of the stream; else null. */
  withheld: z.enum(['stream_blocked', 'quality_unknown']).nullable(),
});

export const engineApi = {
  strategies: route({
    method: 'GET',
    path: '/strategies',
    summary: 'The strategies that the engine can run.',
    roles: READERS,
    response: z.strictObject({
      strategies: z.array(
        z.strictObject({ strategy: Name, description: z.string(), params: z.array(z.string()) }),
      ),
    }),
  }),
  signals: route({
    method: 'GET',
    path: '/signals',
    summary: 'The signals of this process, newest first.',
    roles: READERS,
    response: z.strictObject({ signals: z.array(Signal) }),
  }),
  backtest: route({
    method: 'POST',
    path: '/backtest',
    summary: 'Run a strategy over past bars with the code that trades.',
    roles: TRADERS,
    body: z.strictObject({
      strategy: Name,
      stream: StreamId,
      from_ms: Ms,
      to_ms: Ms,
      params: Params,
      /** Filter the regime with this model; without it the strategy sees no regime. */
      model_id: z.uuid().nullable(),
      start_cash: PositiveDecimal,
      /** Quantities are whole multiples of it; 0.00000001 unless told. */
      lot_size: PositiveDecimal.optional(),
      fee_bps: z.number().min(0).max(1000),
      slippage_bps: z.number().min(0).max(1000),
    }),
    response: z.strictObject({
      bars: z.int().min(0),
      trades: z.array(Trade),
      equity: z.strictObject({ start: Decimal, end: Decimal }),
      return_total: z.number(),
      drawdown_max: z.number(),
      sharpe_annual: z.number().nullable(),
      decision_log_sha256: Sha256,
    }),
    timeoutMs: 120_000,
  }),
  session: route({
    method: 'POST',
    path: '/session',
    summary: "Trade the bars after the account's clock on paper, one after the other, up to to_ms.",
    roles: TRADERS,
    body: z.strictObject({
      strategy: Name,
      stream: StreamId,
      account: Name,
      /** First bar to trade where the account has no clock yet. */
      from_ms: Ms,
      to_ms: Ms,
    }),
    response: z.strictObject({
      bars: z.int().min(0),
      signals: z.int().min(0),
      intents: z.int().min(0),
      filled: z.int().min(0),
      denied: z.int().min(0),
      /** Entries that were signalled and not made, for the quality of the stream. */
      withheld: z.int().min(0),
      unknown: z.int().min(0),
      outcomes: z.int().min(0),
      equity: z.strictObject({ start: Decimal, end: Decimal }),
      last_decision: z
        .strictObject({ config_id: z.uuid(), preset_id: Name, propensity: z.number() })
        .nullable(),
      /** Of the stream, as it was known at the last bar; `unknown` where data_ingester did not say. */
      quality: z.strictObject({
        verdict: z.enum([...Verdict.options, 'unknown']),
        reasons: z.array(z.string()),
      }),
      decision_log_sha256: Sha256,
    }),
    timeoutMs: 600_000,
  }),
} as const;
