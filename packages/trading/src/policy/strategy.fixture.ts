import { StrategySchema } from './strategy-schema.ts';

const bars = (min: number, max: number) => ({
  type: 'int',
  min,
  max,
  unit: 'bars',
  description: 'A window.',
});

/** A strategy file as the YAML parser gives it, small and right. */
export function strategyFile() {
  return {
    strategy: 'trend_following',
    version: 1,
    description: 'Holds while the fast mean is above the slow one.',
    expiry_s: 86_400,
    reward: { clip: 0.2, noise_sd: 0.05 },
    params: {
      fast_bars: bars(2, 50),
      slow_bars: bars(10, 200),
      stop_atr: { type: 'number', min: 0.5, max: 10, step: 0.25, unit: 'ATR', description: 'The stop.' },
    },
    constraints: [{ less: 'fast_bars', than: 'slow_bars' }],
    features: {
      required: [
        { name: 'hmm_trend', min: -1, max: 1, low: -1, high: 1, unit: 'ratio', description: 'Trend.' },
        { name: 'vol', min: 0, max: 20, low: 0, high: 0.5, unit: 'per year', description: 'Volatility.' },
      ],
      optional: [
        { name: 'hmm_risk', min: 0, max: 1, low: 0, high: 1, unit: 'probability', description: 'Risk.' },
      ],
    },
    conservative: 'slow',
    presets: {
      slow: { description: 'Slow.', params: { fast_bars: 50, slow_bars: 200, stop_atr: 4 } },
      middle: { description: 'Middle.', params: { fast_bars: 20, slow_bars: 100, stop_atr: 3 } },
      fast: { description: 'Fast.', params: { fast_bars: 5, slow_bars: 20, stop_atr: 2.25 } },
    },
  };
}

export const strategySchema = (): StrategySchema => StrategySchema.parse(strategyFile());
