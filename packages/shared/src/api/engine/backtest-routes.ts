import { z } from 'zod';
import { READERS, route, TRADERS } from '../../route.ts';
import { Decimal, Ms, Name, PositiveDecimal, Sha256, Side, StreamId } from '../../vocabulary.ts';
import { Params } from '../param-controller.ts';

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

export const backtestRoutes = {
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
} as const;
