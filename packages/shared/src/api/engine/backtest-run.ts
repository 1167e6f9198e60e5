import { z } from 'zod';
import { Decimal, Ms, Name, Sha256, StreamId } from '../../vocabulary.ts';
import { Params } from '../param-controller.ts';

/** Something that a reader of the result must know. */
export const BacktestWarning = z.strictObject({
  code: Name,
  /** A `warning` speaks against the result; a `note` is a fact to judge it by. */
  severity: z.enum(['warning', 'note']),
  detail: z.string(),
  numbers: z.record(z.string(), z.number()),
});

/** The figures that points of a study are compared by; null where one is not defined. */
export const PointFigures = z.strictObject({
  equity_end: Decimal,
  return_total: z.number().nullable(),
  cagr: z.number().nullable(),
  /** Annualised, of the daily returns. */
  sharpe: z.number().nullable(),
  sortino: z.number().nullable(),
  calmar: z.number().nullable(),
  drawdown_max: z.number().nullable(),
  profit_factor: z.number().nullable(),
  trades: z.int().min(0),
  hit_rate: z.number().nullable(),
  exposure: z.number(),
  fees: Decimal,
  /** SHA-256 over all trades: what two runs that agree agree on. */
  trades_sha256: Sha256,
});
export type PointFigures = z.infer<typeof PointFigures>;

const SweepPoint = z.strictObject({ params: Params, figures: PointFigures });

/** How the points around the best one do: a plateau can be trusted, a spike cannot. */
const Plateau = z.strictObject({
  neighbours: z.int().positive(),
  median: z.number(),
  worst: z.number(),
  near_share: z.number(),
});

/** Combinatorially symmetric cross-validation of the choice: how it does on halves of the time that it was not made on. */
const Overfitting = z.strictObject({
  /** Share of the splits where the best inside is no better than the median outside. */
  probability: z.number().min(0).max(1),
  /** Share of the splits where the best inside loses outside. */
  loss_probability: z.number().min(0).max(1),
  /** Of the Sharpe ratio outside on that inside, of the best. */
  slope: z.number().nullable(),
  splits: z.int().positive(),
});

const Fold = z.strictObject({
  train_from_ms: Ms,
  train_to_ms: Ms,
  test_from_ms: Ms,
  test_to_ms: Ms,
  params: Params,
  train: PointFigures,
  test: PointFigures,
});

/** One line of the decision log that is not as it was. */
const Difference = z.strictObject({
  /** What was changed: `cut` or `noise` after a time, or the factor of the warm-up. */
  variant: z.string(),
  at_ms: Ms.nullable(),
  /** Which line, from 0 on. */
  line: z.int().min(0),
  expected: z.string(),
  actual: z.string().nullable(),
});

export const StudyResult = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('single') }),
  z.strictObject({
    type: z.literal('sweep'),
    criterion: Name,
    combinations: z.int().positive(),
    /** Best first; at most so many as are shown, all of them in the record of trials. */
    points: z.array(SweepPoint),
    plateau: Plateau.nullable(),
    /** Null with fewer than two combinations, or than 32 days. */
    overfitting: Overfitting.nullable(),
  }),
  z.strictObject({
    type: z.literal('walk_forward'),
    criterion: Name,
    combinations: z.int().positive(),
    folds: z.array(Fold),
    /** Sharpe ratio of the tests over that of the chosen train windows, on average; null where it is not defined. */
    efficiency: z.number().nullable(),
  }),
  z.strictObject({
    type: z.literal('scenarios'),
    scenarios: z.array(z.strictObject({ name: Name, description: z.string(), figures: PointFigures })),
  }),
  z.strictObject({
    type: z.enum(['lookahead', 'recursive']),
    passed: z.boolean(),
    /** How many variants were compared, and how many lines of the log in all. */
    variants: z.int().min(0),
    lines: z.int().min(0),
    differences: z.array(Difference),
  }),
]);
export type StudyResult = z.output<typeof StudyResult>;

export const BacktestOutcome = z.strictObject({
  bars: z.int().min(0),
  closes: z.int().min(0),
  equity: z.strictObject({ start: Decimal, end: Decimal }),
  open_at_end: z.boolean(),
  figures: PointFigures,
  /** Every figure that there is, by group; null where one is not defined. */
  metrics: z.record(z.string(), z.unknown()),
  orders: z.strictObject({
    sent: z.int().min(0),
    denied: z.int().min(0),
    /** Of those that were sent, whole. */
    filled: z.int().min(0),
    expired: z.int().min(0),
    cancelled: z.int().min(0),
    /** Stops and targets behind entries that filled whole: they are sent with their entry. */
    exits_filled: z.int().min(0),
    /** Fills of all of them, each part one. */
    fills: z.int().min(0),
    /** Fills in a bar without volume, or in the first one after missing ones: nobody may have traded at these prices then. */
    stale_fills: z.int().min(0),
  }),
  /** How often orders were denied, by code. */
  denials: z.record(z.string(), z.int()),
  /** How often each reason stood behind a decision. */
  reasons: z.record(z.string(), z.int()),
  /** Funding is above zero where it was paid, below where it was received. */
  costs: z.strictObject({ fees: Decimal, slippage: Decimal, funding: Decimal, turnover: Decimal }),
  /** Configurations of this strategy that were tried on data that overlaps, this run's among them; null where nothing counts. */
  trials: z.int().positive().nullable(),
  deflated_sharpe: z.number().nullable(),
  warnings: z.array(BacktestWarning),
  study: StudyResult,
  decision_log: z.strictObject({ sha256: Sha256, lines: z.int().min(0), lines_kept: z.int().min(0) }),
});
export type BacktestOutcome = z.output<typeof BacktestOutcome>;

const RunStatus = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);

/** A run, without what it found. */
export const BacktestSummary = z.strictObject({
  run_id: z.uuid(),
  study: Name,
  strategies: z.array(Name),
  streams: z.array(StreamId),
  from_ms: Ms,
  to_ms: Ms,
  status: RunStatus,
  /** From 0 to 1. */
  progress: z.number().min(0).max(1),
  config_sha256: Sha256,
  code_version: z.string(),
  created_ms: Ms,
  finished_ms: Ms.nullable(),
});

export const BacktestRun = z
  .strictObject({
    ...BacktestSummary.shape,
    seed: z.int(),
    /** What was asked for, with every default that was filled in. */
    request: z.record(z.string(), z.unknown()),
    /** SHA-256 of the bars that were used, by stream; null until they were read. */
    data_sha256: z.record(StreamId, Sha256).nullable(),
    problem: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
    result: BacktestOutcome.nullable(),
  })
  .meta({ id: 'BacktestRun', description: 'A backtest, or a study made of backtests, and what came of it.' });
export type BacktestRun = z.output<typeof BacktestRun>;
