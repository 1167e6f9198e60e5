import { Limits, OrderStatus, OrderType, Side, TimeInForce } from '@aistock/shared';
import { z } from 'zod';

/** Raised whenever a snapshot of before can no longer be read. */
export const SNAPSHOT_VERSION = 3;

const Amount = z.string().regex(/^-?\d+(\.\d+)?$/);
const NullableAmount = Amount.nullable();
const Time = z.int();
const TradingState = z.enum(['active', 'reducing', 'halted']);
const Regime = z.strictObject({ modelId: z.string(), hmmTrend: z.number(), hmmRisk: z.number() });

const Request = z.strictObject({
  decisionId: z.string(),
  slot: z.string(),
  strategy: z.string(),
  instrument: z.string(),
  stream: z.string(),
  leg: z.string(),
  configId: z.string(),
  side: Side,
  type: OrderType,
  quantity: Amount,
  limitPrice: NullableAmount,
  stopPrice: NullableAmount,
  trailBps: z.number().nullable(),
  timeInForce: TimeInForce,
  extendedHours: z.boolean(),
  reduceOnly: z.boolean(),
  protection: z
    .strictObject({ stopPrice: NullableAmount, targetPrice: NullableAmount, trailBps: z.number().nullable() })
    .nullable(),
  barOpenMs: Time,
  asOfMs: Time,
});

const Order = z.strictObject({
  request: Request,
  legIndex: z.int(),
  status: OrderStatus,
  filled: Amount,
  whole: z.boolean(),
  fillIds: z.array(z.string()),
  endedExits: z.array(z.enum(['stop', 'target'])),
});

const FillSum = z.strictObject({ quantity: Amount, value: Amount, price: NullableAmount });

const LegSnapshot = z.strictObject({
  book: z.strictObject({
    position: z.strictObject({
      quantity: Amount,
      cost: Amount,
      averagePrice: NullableAmount,
      realisedPnl: Amount,
      fees: Amount,
    }),
    funding: Amount,
    trade: z
      .strictObject({
        lots: z.array(z.strictObject({ configId: z.string(), quantity: Amount })).min(1),
        side: Side,
        entryMs: Time,
        entries: FillSum,
        exits: FillSum,
        realisedBefore: Amount,
        feesBefore: Amount,
        fundingBefore: Amount,
      })
      .nullable(),
  }),
  entryMs: Time.nullable(),
  barsHeld: z.int(),
  isHeld: z.boolean(),
  isStopLost: z.boolean().default(false), // snapshots of before do not have it
});

export type LegSnapshot = z.infer<typeof LegSnapshot>;

const SlotSnapshot = z.strictObject({
  id: z.string(),
  legs: z.array(LegSnapshot),
  toldRegime: z
    .strictObject({ closeMs: Time, regime: Regime.nullable(), missing: z.string().nullable() })
    .nullable(),
  params: z
    .strictObject({
      configId: z.string(),
      presetId: z.string().nullable(),
      params: z.record(z.string(), z.number()),
      source: z.enum(['chosen', 'given', 'conservative']),
      expiresMs: Time.nullable(),
      modelId: z.string().optional(),
    })
    .nullable(),
  paramsMissing: z.string().nullable(),
  paramsSpent: z.boolean(),
  paramsToldMs: Time.nullable(),
  orders: z.array(Order),
  ended: z.array(Order),
  isEnabled: z.boolean(),
  tradingState: TradingState,
  legsClosed: z.strictObject({ pnl: z.number(), cost: z.number() }).nullable(),
  kelly: z.strictObject({ rewards: z.array(z.number()), trades: z.int(), fraction: z.number().nullable() }),
  lastEntryMs: Time.nullable(),
  session: Time.nullable(),
  entriesInSession: z.int(),
});

export type SlotSnapshot = z.infer<typeof SlotSnapshot>;

const StreamSnapshot = z.strictObject({
  id: z.string(),
  newestOpenMs: Time.nullable(),
  quality: z.enum(['pass', 'warn', 'block', 'unknown']),
  qualityReasons: z.array(z.string()),
  stale: z.boolean(),
});

export type StreamSnapshot = z.infer<typeof StreamSnapshot>;

const ClosedTrade = z.strictObject({
  slot: z.string(),
  instrument: z.string(),
  configId: z.string(),
  side: Side,
  quantity: Amount,
  entryMs: Time,
  entryPrice: Amount,
  exitMs: Time,
  exitPrice: Amount,
  fees: Amount,
  pnl: Amount,
  reward: z.number(),
});

/** Everything of a core but its bars, as JSON. */
export const Snapshot = z.strictObject({
  version: z.literal(SNAPSHOT_VERSION),
  setupSha256: z.string(),
  seq: z.int(),
  closedMs: Time.nullable(),
  cash: Amount,
  firmState: TradingState,
  /** Where others than those of the setup were told. */
  limits: Limits.nullish(),
  equityPeak: z.number(),
  selectedMs: Time.nullable(),
  streams: z.array(StreamSnapshot),
  slots: z.array(SlotSnapshot),
  trades: z.array(ClosedTrade),
});
export type Snapshot = z.infer<typeof Snapshot>;
