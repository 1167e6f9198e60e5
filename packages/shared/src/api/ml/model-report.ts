import { z } from 'zod';
import { Ms, Sha256 } from '../../vocabulary.ts';
import { Verdict } from '../market/quality.ts';
import { Gate, ModelCard, ServedStrategy } from './model.ts';

/** Null where it could not be computed. */
const Figure = z.number().nullable();

/** Values at times that ascend; long ones are thinned so that no peak and no trough is lost. */
const Series = z.strictObject({ at_ms: z.array(Ms), value: z.array(z.number()) });

/** Mean difference of predictive log-likelihoods a bar, in nats, on the same bars; above zero the model is better. */
const Difference = z.strictObject({
  against: z.enum(['one_state', 'no_memory', 'baseline', 'champion']),
  /** Bars ahead that were predicted. */
  horizon_bars: z.int().positive(),
  on: z.enum(['train', 'holdout']),
  mean: Figure,
  standard_error: Figure,
  rows: z.int().min(0),
});

/** A state of a regime model; states are ordered by volatility, calmest first. */
const State = z.strictObject({
  /** By its parameters, such as `calm, rising`. */
  name: z.string(),
  /** Of the time in the long run, from 0 to 1. */
  stationary_share: Figure,
  /** Bars that it lasts once it has begun, on average; null for one that is never left. */
  dwell_bars: Figure,
  /** By feature, in the order of the card. */
  means: z.array(z.number()),
  deviations: z.array(z.number()),
  /** Probability of each state at the next bar. */
  transition: z.array(z.number()),
});

/** What a model of regimes makes of a bar: `turbulent` first, then by its trend. */
export const RegimeName = z.enum(['rising', 'falling', 'turbulent', 'calm', 'unknown']);

const Regimes = z.strictObject({
  states: z.array(State),
  /** Numbers of states that were tried; one where statistics were carried on. */
  candidates: z.array(
    z.strictObject({
      states: z.int().positive(),
      bic: Figure,
      log_likelihood: Figure,
      converged: z.boolean(),
    }),
  ),
  /** Log-likelihood a bar before the first iteration of EM and after each, in nats. */
  fit_path: z.array(z.number()),
  /** What each stretch of time was taken for, with what was known then; the last one ends with the prices. */
  ribbon: z.array(z.strictObject({ from_ms: Ms, name: RegimeName })),
  /** How well the regime explains the return of the next bar: shares of its variance, and weights. */
  next_return: z.strictObject({
    r2_train: Figure,
    r2_holdout: Figure,
    weights: z.strictObject({ trend: Figure, risk: Figure, intercept: Figure }),
  }),
});

const Calibration = z.strictObject({
  event: z.string(),
  rows: z.int().min(0),
  brier: Figure,
  brier_of_base_rate: Figure,
  reliability: Figure,
  bins: z.array(z.strictObject({ told: z.number(), followed: z.number(), rows: z.int().min(0) })),
});

const Drift = z.strictObject({
  feature: z.string(),
  psi: Figure,
  psi_of_chance: Figure,
  ks: Figure,
  ks_of_chance: Figure,
});

/** What a strategy earned with the model, walking forward, after costs. */
const Performance = z.strictObject({
  folds: z.int().positive(),
  preset: z.string(),
  sharpe: Figure,
  drawdown: Figure,
  trades: z.int().min(0),
  win_rate: Figure,
  trials: z.int().min(0),
  deflated_sharpe: Figure,
  overfitting: Figure,
  slippage_bps: Figure,
  scenarios: z.array(z.strictObject({ name: z.string(), total_return: Figure })),
  equity: Series,
});

/** Whom a model may answer, and why or why not. */
const Judgement = z.strictObject({
  strategy: ServedStrategy,
  passed: z.boolean(),
  gates: z.array(Gate),
  /** Why a strategy could not be run. */
  problem: z.string().nullable(),
  /** Null of `*`, and of a strategy that could not be run. */
  performance: Performance.nullable(),
});

/** All that is known of a model when it is written; never changed. */
export const ModelReport = z.strictObject({
  format: z.literal('model_report/1'),
  model_id: z.uuid(),
  run_id: z.uuid(),
  /** The champion that it was measured against; null where there was none. */
  champion_id: z.uuid().nullable(),
  created_ms: Ms,
  expires_ms: Ms,
  /** Of the artefact, by which the model answers. */
  artefact_sha256: Sha256,
  code_version: z.string(),
  card: ModelCard,
  /** Bars that it was fitted on, over all runs of its line. */
  bars: z.int().positive(),
  /** Of data_ingester on the stream when the run began. */
  quality: Verdict.nullable(),
  holdout: z.strictObject({
    from_ms: Ms,
    to_ms: Ms,
    bars: z.int().min(0),
    /** Mean predictive log-likelihood a bar, in nats. */
    log_likelihood: Figure,
  }),
  judgements: z.array(Judgement),
  differences: z.array(Difference),
  /** Of the champion on the same bars; null where there was none, or none that could be compared. */
  champion: z
    .strictObject({
      expired: z.boolean(),
      /** How the most likely states differ: shares of the bars. */
      labels: z
        .strictObject({
          rows: z.int().min(0),
          changed: z.number(),
          flips: z.number(),
          champion_flips: z.number(),
        })
        .nullable(),
    })
    .nullable(),
  calibrations: z.array(Calibration.nullable()),
  drifts: z.array(Drift.nullable()),
  /** Feature values that were computed again without the bars after them, and those of them that changed. */
  leak: z.strictObject({ compared: z.int().min(0), differing: z.int().min(0) }).nullable(),
  /** Closes of the bars that were read. */
  closes: Series,
  /** Of a model of regimes. */
  regimes: Regimes.nullable(),
  /** Of a model that forecasts: what it told at each bar, and the weights or gains of what it reads. */
  forecast: z
    .strictObject({
      told: z.array(z.strictObject({ name: z.string(), series: Series })),
      weights: z.array(
        z.strictObject({ name: z.string(), measure: z.enum(['coefficient', 'gain_nats']), value: Figure }),
      ),
    })
    .nullable(),
});
export type ModelReport = z.output<typeof ModelReport>;

/**
 * A report as it is handed out. The note is a C2SP signed note over the model, the hash of its artefact and the SHA-256 of the
 * report's canonical JSON.
 */
export const SignedReport = z.strictObject({
  sha256: Sha256,
  note: z.string(),
  /** The key that signed it; whoever doubts takes it from elsewhere. */
  verifier_key: z.string(),
  report: ModelReport,
});
export type SignedReport = z.output<typeof SignedReport>;
