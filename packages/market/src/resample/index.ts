export { resampleBars, type Resampled, type ResampledBar, type ResampleTerms } from './resample-bars.ts';
export { tradesToBars, type Trade, type TradeTerms } from './trades-to-bars.ts';
