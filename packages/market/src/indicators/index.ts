export { logReturns, rsi } from './momentum.ts';
export { atr, donchian, trueRange, vwap, type DonchianChannel } from './ranges.ts';
export { ema } from './smoothing.ts';
export { sma, stdev, zscore } from './windows.ts';
