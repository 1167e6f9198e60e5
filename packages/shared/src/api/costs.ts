import { z } from 'zod';
import { Decimal, Ms, NonNegativeDecimal, PositiveDecimal } from '../vocabulary.ts';

const Bps = z.number().min(0).max(1000);

/** What trading costs and how orders fill where bars are all that is known. Every part is an assumption of docs/assumptions.md. */
export const CostModel = z
  .strictObject({
    fees: z.strictObject({
      maker_bps: Bps,
      taker_bps: Bps,
      /** What the fee is taken in: the quote currency, or on a buy the base that was bought. */
      taken_in: z.enum(['quote', 'base']),
    }),
    /** Half of it is paid by whoever takes. `range` is a share of the bar's high less its low. */
    spread: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('bps'), bps: Bps }),
      z.strictObject({ type: z.literal('range'), share: z.number().min(0).max(1) }),
    ]),
    /** `fixed`: so many bps. `volume_share`: impact × (share of the bar's volume)². `volatility`: so many of one bar's range. */
    slippage: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('fixed'), bps: Bps }),
      z.strictObject({ type: z.literal('volume_share'), impact: z.number().min(0).max(10) }),
      z.strictObject({ type: z.literal('volatility'), share: z.number().min(0).max(1) }),
    ]),
    /** From the decision to the venue. */
    latency_ms: z.int().min(0).max(60_000),
    /** An order takes at most this share of a bar's volume, the rest waits; null fills whole. */
    participation_max: z.number().gt(0).max(1).nullable(),
  })
  .meta({
    id: 'CostModel',
    description: 'What trading costs, and how orders fill on paper and in a backtest.',
  });
export type CostModel = z.infer<typeof CostModel>;

/** 10 bps a side of fees, 1 bp of spread, 1 bp of slippage, 250 ms, a tenth of each bar's volume. */
export const DEFAULT_COSTS: CostModel = {
  fees: { maker_bps: 10, taker_bps: 10, taken_in: 'quote' },
  spread: { type: 'bps', bps: 1 },
  slippage: { type: 'fixed', bps: 1 },
  latency_ms: 250,
  participation_max: 0.1,
};

/** What a venue takes of an instrument from a day on. */
export const InstrumentRules = z.strictObject({
  from_ms: Ms,
  lot_size: PositiveDecimal,
  tick_size: PositiveDecimal,
  notional_min: NonNegativeDecimal,
});
export type InstrumentRules = z.infer<typeof InstrumentRules>;

/** What longs pay shorts of a position's value at a time; below zero shorts pay. */
export const FundingRate = z.strictObject({ at_ms: Ms, rate: Decimal, mark_price: PositiveDecimal });
export type FundingRate = z.infer<typeof FundingRate>;
