import { z } from 'zod';
import { OPERATORS, READERS, route, TRADERS } from '../route.ts';
import {
  Accountable,
  Instrument,
  Ms,
  Name,
  NonNegativeDecimal,
  PositiveDecimal,
  Sha256,
  StreamId,
} from '../vocabulary.ts';
import { orderShape, refineOrder } from './order-terms.ts';

/** Exactly what a permit is for. The permit holds the hash of its canonical JSON. */
export const OrderTerms = z
  .strictObject({
    client_order_id: z.string().regex(/^[a-z0-9]{16,36}$/),
    account: Name,
    strategy: Name,
    slot: Name,
    instrument: Instrument,
    ...orderShape,
  })
  .superRefine(refineOrder);
export type OrderTerms = z.infer<typeof OrderTerms>;

export const DENIAL_CODES = [
  'limits_not_set',
  'instrument_unknown',
  'instrument_restricted',
  'strategy_not_permitted',
  'price_off_tick',
  'quantity_off_lot',
  'quantity_above_max',
  'notional_below_min',
  'notional_above_max',
  'price_missing',
  'price_stale',
  'price_outside_collar',
  'stop_on_wrong_side',
  'stop_too_far',
  'protection_on_wrong_side',
  'time_in_force_not_allowed',
  'extended_hours_not_allowed',
  'duplicate_order',
  'client_order_id_used',
  'reduce_only_would_increase',
  'instrument_exposure_above_max',
  'account_exposure_above_max',
  'cash_insufficient',
  'not_reconciled',
  'trading_reducing_only',
  'trading_halted',
] as const;
export const DenialCode = z.enum(DENIAL_CODES);
export type DenialCode = z.infer<typeof DenialCode>;

export const Denial = z.strictObject({
  code: DenialCode,
  message: z.string(),
  limit: z.string().nullable(),
  actual: z.string().nullable(),
});
export type Denial = z.infer<typeof Denial>;

export const Permit = z.strictObject({
  permit_id: z.uuid(),
  /** Which of the gate's keys signed it; a key lives as long as the gate's process. */
  key_id: z.uuid(),
  terms_sha256: Sha256,
  limits_version: z.int().positive(),
  /** The kill epoch that was read; the executor reads it again before it sends. */
  kill_epoch: z.int().min(0),
  issued_ms: Ms,
  /** At most 2 s after issued_ms. */
  expires_ms: Ms,
  /** Ed25519 over the canonical JSON of the other fields, base64. */
  signature: z.string(),
});
export type Permit = z.infer<typeof Permit>;

const InstrumentLimits = z.strictObject({
  /** Where the reference price of the collar comes from. */
  price_stream: StreamId,
  price_age_ms_max: z.int().positive(),
  tick_size: PositiveDecimal,
  lot_size: PositiveDecimal,
  quantity_max: PositiveDecimal,
  notional_min: NonNegativeDecimal,
  notional_max: PositiveDecimal,
  /** How far a limit price may be from the reference price, in basis points. */
  collar_bps: z.int().positive().max(10_000),
  /** How far a stop may be from the price that it is judged by; where it is not set, `collar_bps` bounds stops as well. */
  stop_distance_bps_max: z.int().positive().max(10_000).optional(),
  gross_notional_max: PositiveDecimal,
});

/** The limits of one account. What is not here is not allowed. */
export const Limits = z.strictObject({
  account: Name,
  /** `wall`: prices must be fresh now. `replay`: fresh by the order's own as_of_ms; paper accounts only. */
  clock: z.enum(['wall', 'replay']),
  strategies: z.array(Name).min(1).max(50),
  restricted: z.array(Instrument).max(1000),
  duplicate_window_ms: z.int().min(0).max(86_400_000),
  gross_notional_max: PositiveDecimal,
  instruments: z.record(Instrument, InstrumentLimits),
});
export type Limits = z.infer<typeof Limits>;

export const KillLevel = z.enum(['reducing', 'halted']);
/** `firm`, `account:paper`, `strategy:trend_following` or `instrument:BTC/USDT`. */
export const KillScope = z
  .string()
  .regex(
    /^(firm|account:[a-z][a-z0-9_]{0,47}|strategy:[a-z][a-z0-9_]{0,47}|instrument:[A-Z0-9][A-Z0-9./:]{0,61})$/,
    {
      message: 'must be firm, account:<name>, strategy:<name> or instrument:<instrument>',
    },
  );

const Kill = z.strictObject({
  kill_id: z.uuid(),
  scope: KillScope,
  level: KillLevel,
  by: z.string(),
  reason: z.string(),
  since_ms: Ms,
});

const LimitsAnswer = z.strictObject({
  version: z.int().positive(),
  set_ms: Ms,
  by: z.string(),
  limits: Limits,
});

export const riskGateApi = {
  check: route({
    method: 'POST',
    path: '/check',
    summary: 'Check an order; a permit of at most 2 s, or every reason against it.',
    roles: TRADERS,
    body: z.strictObject({
      terms: OrderTerms,
      decision_id: Sha256,
      /** When the decision was made, by the clock of the account. */
      as_of_ms: Ms,
    }),
    response: z.discriminatedUnion('verdict', [
      z.strictObject({ verdict: z.literal('approved'), permit: Permit }),
      z.strictObject({ verdict: z.literal('denied'), denials: z.array(Denial).min(1) }),
    ]),
    timeoutMs: 1_000,
  }),
  limits: route({
    method: 'GET',
    path: '/limits',
    summary: 'The limits in force of each account.',
    roles: READERS,
    response: z.strictObject({ accounts: z.array(LimitsAnswer) }),
  }),
  setLimits: route({
    method: 'PUT',
    path: '/limits',
    summary: 'Set the limits of an account; a new version, the old ones are kept.',
    roles: OPERATORS,
    body: Accountable.extend({ limits: Limits }),
    response: LimitsAnswer,
  }),
  kills: route({
    method: 'GET',
    path: '/kill',
    summary: 'The kill switches that are on, and the epoch.',
    roles: READERS,
    response: z.strictObject({ kill_epoch: z.int().min(0), kills: z.array(Kill) }),
  }),
  kill: route({
    method: 'POST',
    path: '/kill',
    summary:
      'Stop trading in a scope: reducing lets only orders through that shrink a position, halted none.',
    roles: ['operator', 'trader', 'service'],
    body: Accountable.extend({ scope: KillScope, level: KillLevel }),
    response: z.strictObject({ kill_epoch: z.int().positive(), kill: Kill }),
  }),
  resume: route({
    method: 'POST',
    path: '/resume',
    summary: 'Lift a kill switch by its id.',
    roles: ['operator'],
    body: Accountable.extend({ kill_id: z.uuid() }),
    response: z.strictObject({ kill_epoch: z.int().positive(), kills: z.array(Kill) }),
  }),
} as const;
