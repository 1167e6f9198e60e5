export { applyFill, applySplit, cashChange, FLAT, type FillAmounts, type PositionState } from './position.ts';
export {
  equity,
  isFunded,
  reducesOnly,
  sameAmount,
  sum,
  toWire,
  unrealisedPnl,
  type Marked,
} from './valuation.ts';
