import { featuresNamed, type Feature, type TargetTerms } from '@aistock/features';
import type { Algorithm, Hyperparameters } from '@aistock/models';
import type { ForecastKind } from '@aistock/shared';

/** What models with a target read: features of few bars that are hardly ever without a value. */
const FEATURE_NAMES = [
  'return_log',
  'volatility_log',
  'realised_volatility_20',
  'zscore_20',
  'trend_strength_20',
];

export interface ForecastInputs {
  readonly kind: ForecastKind;
  readonly features: readonly Feature[];
  /** Undefined for a model that learns from one feature alone. */
  readonly target: TargetTerms | undefined;
}

/**
 * @param horizonBars - bars ahead that a model with a target learns.
 * @throws FeatureError `unknown_feature` for a hyperparameter that names none; RangeError for an algorithm of regimes.
 */
export function inputsOf(
  { kind, needsTarget, name }: Algorithm,
  hyperparameters: Hyperparameters,
  horizonBars: number,
): ForecastInputs {
  if (kind === 'regime') throw new RangeError(`${name} tells regimes and forecasts nothing`);
  if (!needsTarget)
    return { kind, features: featuresNamed([String(hyperparameters['feature'])]), target: undefined };
  const target = kind === 'direction' ? 'rises_ahead' : 'return_log_ahead';
  return { kind, features: featuresNamed(FEATURE_NAMES), target: { name: target, horizonBars } };
}
