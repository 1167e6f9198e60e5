export {
  applyFill,
  applySplit,
  cashChange,
  FLAT,
  payFeeInBase,
  type FillAmounts,
  type PositionState,
} from './position.ts';
export {
  equity,
  isFunded,
  product,
  reducesOnly,
  sameAmount,
  sum,
  toWire,
  unrealisedPnl,
  type Marked,
} from './valuation.ts';
