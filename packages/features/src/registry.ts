import { MODEL_FEATURE_NAMES } from '@aistock/market';
import type { FeatureRef } from '@aistock/models';
import { ema20, ema50, emaSlope } from './entries/averages.ts';
import { garchVolatility } from './entries/garch-volatility.ts';
import { kalmanVelocity } from './entries/kalman-velocity.ts';
import { rsi, trendStrength, volumeZscore, zscore } from './entries/oscillators.ts';
import { adx, atr, spread } from './entries/ranges.ts';
import { closeLog, realisedVolatility, returnLog, returnSimple, volatilityLog } from './entries/returns.ts';
import { TIMES } from './entries/times.ts';
import { FeatureError } from './feature-error.ts';
import type { Feature } from './feature.ts';

/**
 * Every feature that needs nothing but bars; the probabilities of a regime model are made by `regimePosteriors`. What is
 * here is held against its promises by tests that go through this list: no look-ahead, resumable bit for bit, warm when it
 * says so.
 */
export const FEATURES: readonly Feature[] = [
  closeLog,
  returnSimple,
  returnLog,
  realisedVolatility,
  volatilityLog,
  zscore,
  rsi,
  atr,
  adx,
  ema20,
  ema50,
  emaSlope,
  trendStrength,
  volumeZscore,
  spread,
  ...TIMES,
  kalmanVelocity,
  garchVolatility,
];

const BY_NAME: ReadonlyMap<string, Feature> = new Map(FEATURES.map((feature) => [feature.name, feature]));

/** @throws FeatureError `unknown_feature` for a name that the registry does not have. */
export function featuresNamed(names: readonly string[]): readonly Feature[] {
  return names.map((name) => {
    const found = BY_NAME.get(name);
    if (found) return found;
    throw new FeatureError(
      'unknown_feature',
      `there is no feature ${name}; there are ${[...BY_NAME.keys()].join(', ')}`,
    );
  });
}

/** @throws FeatureError `unknown_feature` also for a version that is not computed any more, or not yet. */
export function featuresOf(refs: readonly FeatureRef[]): readonly Feature[] {
  const found = featuresNamed(refs.map(({ name }) => name));
  for (const [i, { name, version }] of refs.entries())
    if (found[i]!.version !== version)
      throw new FeatureError(
        'unknown_feature',
        `${name} is computed in version ${found[i]!.version}, not ${version}`,
      );
  return found;
}

/** What the regime models read, in their order. */
export const MODEL_FEATURES: readonly Feature[] = featuresNamed(MODEL_FEATURE_NAMES);
