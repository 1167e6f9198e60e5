import { z } from 'zod';
import {
  Decimal,
  Instrument,
  Ms,
  Name,
  OrderStatus,
  OrderType,
  PositiveDecimal,
  Sha256,
  Side,
  StreamId,
} from '../../vocabulary.ts';
import { Verdict } from '../market/quality.ts';
import { SessionSlot } from './session-request.ts';

/** Of a stream; `unknown` where data_ingester did not say. */
const Quality = z.strictObject({
  verdict: z.enum([...Verdict.options, 'unknown']),
  reasons: z.array(z.string()),
});

/** What a replay came to. What is counted is counted over this call alone; the log is the whole session's. */
export const ReplayTally = z.strictObject({
  mode: z.literal('replay'),
  session_id: z.uuid(),
  bars: z.int().min(0),
  /** Decisions with a signal. */
  signals: z.int().min(0),
  /** Orders that were decided. */
  intents: z.int().min(0),
  filled: z.int().min(0),
  denied: z.int().min(0),
  /** Signals that did not become an order, for whatever reason. */
  withheld: z.int().min(0),
  unknown: z.int().min(0),
  outcomes: z.int().min(0),
  equity: z.strictObject({ start: Decimal, end: Decimal }),
  /** The parameters that were chosen last in this call. */
  last_decision: z.strictObject({ config_id: z.uuid(), preset_id: Name, propensity: z.number() }).nullable(),
  /** Of the first slot's primary stream at the last bar. */
  quality: Quality,
  decision_log_sha256: Sha256,
});
export type ReplayTally = z.infer<typeof ReplayTally>;

/** What a slot decided at a bar's close, and every reason for and against, in the order in which they were met. */
export const SlotVerdict = z.strictObject({
  slot: Name,
  at_ms: Ms,
  bar_open_ms: Ms,
  signal: z
    .strictObject({
      /** 1 up, -1 down, 0 out or neither. */
      direction: z.number(),
      strength: z.number(),
      confidence: z.number(),
      holding_bars: z.number(),
      reason: z.string(),
    })
    .nullable(),
  /** How much of what was wanted was made, by leg, as a share of equity. */
  sizes: z.array(z.strictObject({ leg: z.int().min(0), fraction: z.number(), reasons: z.array(z.string()) })),
  orders: z.array(
    z.strictObject({
      leg: z.string(),
      instrument: Instrument,
      side: Side,
      type: OrderType,
      quantity: PositiveDecimal,
      limit_price: PositiveDecimal.nullable(),
      stop_price: PositiveDecimal.nullable(),
    }),
  ),
  /** Orders that it took back: their leg, and the bar that they were decided on. */
  cancels: z.array(z.strictObject({ leg: z.string(), bar_open_ms: Ms })),
  reasons: z.array(z.string()).min(1),
});
export type SlotVerdict = z.infer<typeof SlotVerdict>;

/** Where a session stands after its last close. */
export const SessionState = z.strictObject({
  cash: Decimal,
  /** Null while a position has no mark. */
  equity: Decimal.nullable(),
  /** Share of the equity below its highest at a close so far; null while it is unknown. */
  drawdown: z.number().min(0).nullable(),
  /** Whether it has reached the end of the sizing's `drawdown_cut`: nothing is entered. */
  drawdown_stopped: z.boolean(),
  positions: z.array(
    z.strictObject({
      slot: Name,
      instrument: Instrument,
      /** Above zero long, below zero short. */
      quantity: Decimal,
      average_price: PositiveDecimal.nullable(),
      /** Whether the stop that should be behind it does not work; it is left at the next close unless it does again. */
      stop_missing: z.boolean().default(false),
    }),
  ),
  working_orders: z.array(
    z.strictObject({
      decision_id: Sha256,
      /** Null while the executor has not answered. */
      order_id: z.uuid().nullable(),
      slot: Name,
      instrument: Instrument,
      leg: z.string(),
      side: Side,
      order_type: OrderType,
      quantity: PositiveDecimal,
      status: OrderStatus,
    }),
  ),
  streams: z.array(
    z.strictObject({
      stream: StreamId,
      last_open_ms: Ms.nullable(),
      stale: z.boolean(),
      quality: Quality.nullable(),
    }),
  ),
  /** By slot, and `firm` for all: what risk_gate lets them do, where it is less than everything. */
  restricted: z.array(
    z.strictObject({ scope: Name, state: z.enum(['reducing', 'halted']), reason: z.string() }),
  ),
  last_decisions: z.array(SlotVerdict),
  /** Closed trades that param_controller has not been told of yet. */
  outcomes_waiting: z.int().min(0),
  /** Of the whole decision log so far. */
  decision_log_sha256: Sha256,
});
export type SessionState = z.infer<typeof SessionState>;

export const Session = z.strictObject({
  session_id: z.uuid(),
  account: Name,
  mode: z.enum(['replay', 'live']),
  /**
   * `open`: trades, or goes on when it is asked for again; with a problem it broke off for that and is tried again. `failed`:
   * stopped by itself, for the problem.
   */
  status: z.enum(['open', 'stopped', 'failed']),
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  /** The process that trades it now; null where none does. */
  claimed_by: z.string().nullable(),
  slots: z.array(SessionSlot),
  /** Closes that were decided, and when the bars of the last of them closed. */
  closes: z.int().min(0),
  last_close_ms: Ms.nullable(),
  created_ms: Ms,
  ended_ms: Ms.nullable(),
  /** Null before the first close. */
  state: SessionState.nullable(),
});
export type Session = z.infer<typeof Session>;

/** A decision with the session and the instruments that it is of. */
export const Signal = SlotVerdict.extend({
  session_id: z.uuid(),
  account: Name,
  strategy: Name,
  instrument: Instrument,
  stream: StreamId,
});
export type Signal = z.infer<typeof Signal>;
