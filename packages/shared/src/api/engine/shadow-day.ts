import { z } from 'zod';
import { Ms, Name } from '../../vocabulary.ts';

/** Money with all its digits, so that parts come to their sum; more of them than an amount that is traded has. */
const ExactMoney = z.string().regex(/^-?\d+(\.\d+)?$/);
const Share = z.number().min(0).max(1);

const PARTS = {
  /** Bars that were restated since, or came too late to be decided on. */
  data: ExactMoney,
  /** Orders that filled in another bar. */
  timing: ExactMoney,
  /** Orders that filled in the same bar at another price, or not as much. */
  fill: ExactMoney,
  /** The same fills, charged otherwise. */
  fee: ExactMoney,
  /** Decisions other than the backtest's. */
  decision: ExactMoney,
} as const;

const Verdict = z.enum(['same', 'alert', 'reduce']);

/** By day; an alert or worse where it is more than the threshold. */
const ShadowThresholds = z.strictObject({
  alert_bps: z.number(),
  reduce_bps: z.number(),
  alert_share: Share,
  reduce_share: Share,
});

const StrategyVerdict = z.strictObject({
  strategy: Name,
  verdict: Verdict,
  /** The sizes of its parts together, in basis points of the equity that the day began with. */
  bps: z.number().min(0),
  /** Of its decisions that were compared, how many differ though the books were the same. */
  decision_share: Share,
});

const DecisionDifference = z.strictObject({
  at_ms: Ms,
  /** Null for a selection of slots. */
  slot: Name.nullable(),
  /** What it was decided from that was not the same: `bars`, `books`, `params`. */
  inputs: z.array(z.string()),
  /** The lines of the decision logs, cut where they are too long; null where there is none. */
  live: z.string().nullable(),
  shadow: z.string().nullable(),
});

/** What a day came to, in the session and in the backtest. */
export const ShadowResult = z.strictObject({
  thresholds: ShadowThresholds,
  strategies: z.array(StrategyVerdict),
  equity: z.strictObject({ start: ExactMoney, live: ExactMoney, shadow: ExactMoney }),
  /** Live less shadow. The parts come to it, to the last digit. */
  difference: ExactMoney,
  difference_bps: z.number(),
  parts: z.strictObject({
    ...PARTS,
    /** What the session's equity has that its fills do not explain; 0 unless something else moved its books. */
    rest: ExactMoney,
  }),
  slots: z.array(
    z.strictObject({
      slot: Name,
      strategy: Name,
      ...PARTS,
      /** Of `data`: through bars that came too late. */
      late: ExactMoney,
      difference: ExactMoney,
    }),
  ),
  decisions: z.strictObject({
    compared: z.int().min(0),
    differing: z.int().min(0),
    /** Of these, how many were made with the same books, or by one of the two alone: no fill of before explains them. */
    unexplained: z.int().min(0),
    /** In the order of time; at most so many as are kept. */
    first: z.array(DecisionDifference),
  }),
  fills: z.strictObject({ live: z.int().min(0), shadow: z.int().min(0) }),
  bars: z.strictObject({
    /** Whether the session was told the bars that were known when the day was over, and those that are known now. */
    same_at_end: z.boolean(),
    same_now: z.boolean(),
    /** What was known by then is what counts as known when the day was over. */
    known_ms: Ms,
  }),
});
export type ShadowResult = z.output<typeof ShadowResult>;

/** A UTC day: the closes after its midnight, up to the next one and with it. */
export const Day = z.iso.date();

export const ShadowSummary = z.strictObject({
  shadow_id: z.uuid(),
  session_id: z.uuid(),
  account: Name,
  day: Day,
  /** A `judged` one has its verdict, and its strategies are still to be set to reduce-only. */
  status: z.enum(['waiting', 'judged', 'done', 'failed']),
  verdict: Verdict.nullable(),
  difference: ExactMoney.nullable(),
  difference_bps: z.number().nullable(),
  /** The kill switches that are on because of it; lift them with POST /resume at risk_gate. */
  kills: z.array(z.strictObject({ strategy: Name, kill_id: z.uuid() })),
  attempts: z.int().min(0),
  problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  created_ms: Ms,
  finished_ms: Ms.nullable(),
});
export type ShadowSummary = z.output<typeof ShadowSummary>;

export const ShadowDay = z
  .strictObject({ ...ShadowSummary.shape, result: ShadowResult.nullable() })
  .meta({ id: 'ShadowDay', description: 'A day of a session against the backtest of that day.' });
export type ShadowDay = z.output<typeof ShadowDay>;
