import { z } from 'zod';

const Share = z.number().min(0).max(1);

/** What a model itself must show, whoever uses it. Log-likelihoods are nats a bar. */
const ModelPolicy = z.strictObject({
  /** Bars that it was fitted on. */
  bars_min: z.int().min(50).default(250),
  /** Bars that it was measured on and not fitted on. */
  holdout_bars_min: z.int().min(20).default(100),
  /** By so much it must be better than one without regimes and than the champion, however small the error. */
  margin_nats: z.number().min(0).max(10).default(0.001),
  /** Standard errors by which it must beat a model without regimes, and the champion. */
  standard_errors: z.number().min(0).max(6).default(1),
  /** Standard errors by which it must beat itself without memory: what keeps models of random walks out, 99 of 100. */
  memory_standard_errors: z.number().min(0).max(6).default(2.33),
  /** Bars ahead for which it must not be worse than itself without memory. */
  horizons_bars: z.array(z.int().min(1).max(250)).min(1).max(10).default([1, 5, 20]),
  /** A state that holds less of the rows is an accident, not a regime. */
  occupancy_min: Share.default(0.01),
  /** Mean squared gap between the probabilities that it tells and what followed. */
  reliability_max: Share.default(0.02),
  /** Share of the Brier score of the base rate that knowing the direction may save: more is not knowledge but a leak. */
  direction_skill_max: Share.default(0.25),
  /** By so much it may know the bars that it was fitted on better than those that it was not. */
  overfit_max_nats: z.number().min(0).max(10).default(0.25),
  psi_max: z.number().min(0).max(10).default(0.25),
  ks_max: Share.default(0.2),
  /** Drift counts where chance makes less of it with this confidence. */
  drift_confidence: z.number().gt(0.5).lt(1).default(0.999),
  /** Share of the bars whose label may be another than the champion's. */
  label_change_max: Share.default(0.5),
  /** Changes of label a bar that are always allowed. */
  flips_max: Share.default(0.1),
  /** And as a multiple of the champion's. */
  flip_ratio_max: z.number().min(1).max(100).default(2),
});

/** What a strategy must have earned with the model, walking forward, after costs. Shares such as 0.1 for ten per cent. */
const PerformancePolicy = z.strictObject({
  folds: z.int().min(2).max(50).default(4),
  /** Length of all test windows together, as a share of the bars. */
  test_share: z.number().gt(0).lt(1).default(0.5),
  mode: z.enum(['rolling', 'anchored']).default('anchored'),
  /** Bars between train and test besides those that they would share. */
  embargo_bars: z.int().min(0).max(1_000).default(5),
  /** What the model's word does to an entry. */
  model_use: z.enum(['confirm', 'scale', 'veto']).default('confirm'),
  /** A year. */
  sharpe_min: z.number().min(-10).max(10).default(1),
  drawdown_max: Share.default(0.1),
  trades_min: z.int().min(1).max(1_000_000).default(100),
  win_rate_min: Share.default(0.45),
  /** Probability that the Sharpe ratio is above what luck in so many trials explains. */
  deflated_sharpe_min: Share.default(0.95),
  /** Probability that the choice among the presets does not hold outside of what it was made on. */
  overfitting_max: Share.default(0.5),
  /** Mean slippage of what was traded. */
  slippage_max_bps: z.number().min(0).max(1_000).default(20),
  /** What the worst scenario may lose of the account. */
  scenario_loss_max: Share.default(0.2),
});

/** How a challenger is tried beside the champion on bars that come, before it takes its place. */
const ShadowPolicy = z.strictObject({
  /** Days beside a champion that trades money; SHADOW_DAYS of ml_service unless told. */
  days: z.number().min(0).max(180).optional(),
  /** The same on paper; SHADOW_DAYS_PAPER unless told. */
  paper_days: z.number().min(0).max(180).optional(),
  /** One that is not better by then is withdrawn. */
  days_max: z.number().gt(0).max(180).default(20),
  /** Bars that both judged; fewer say nothing, however many days they took. */
  bars_min: z.int().min(100).max(50_000).default(250),
  /** Probability that one that is no better ever takes the place, however often the two are compared. */
  level: z.number().min(0.0001).max(0.2).default(0.025),
});

/** When a champion has stopped to fit the bars that come. */
const DegradationPolicy = z.strictObject({
  /** Newest bars that it is judged on. */
  window_bars: z.int().min(50).max(5_000).default(100),
  /** So long it must have failed, at each of the looks between. */
  for_bars: z.int().min(2).max(1_000).default(20),
  /** By so much a bar it must have fallen, in nats. */
  fall_min_nats: z.number().min(0).max(100).default(1),
  /** And by so many standard errors. */
  standard_errors: z.number().min(0).max(10).default(3),
  /** Newest bars whose features are compared with those of the training. */
  drift_bars: z.int().min(50).max(5_000).default(500),
  psi_max: z.number().min(0).max(10).default(0.5),
  ks_max: Share.default(0.4),
});

/** What is asked of a model before and while it acts: the block `promotion` of a strategy's file. Every value has a default. */
export const PromotionPolicy = z.strictObject({
  model: ModelPolicy.prefault({}),
  performance: PerformancePolicy.prefault({}),
  shadow: ShadowPolicy.prefault({}),
  degradation: DegradationPolicy.prefault({}),
});
export type PromotionPolicy = z.infer<typeof PromotionPolicy>;
