export { capByLimits, type CapInputs } from './cap-by-limits.ts';
export { entryQuantity, type EntryQuantity, type EntryTerms } from './entry-quantity.ts';
export { kellyFraction, KELLY_START, updateKelly, type KellyState } from './kelly.ts';
export { sizeEntry, type EntrySize, type SizingInputs } from './size-entry.ts';
export { DEFAULT_SIZING, FIXED_SIZING, sizingPolicy, type SizingPolicy } from './sizing-policy.ts';
export { sizingLookbackBars, tradeVolatility } from './trade-volatility.ts';
