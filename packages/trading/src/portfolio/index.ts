export {
  averagePriceOf,
  bookFill,
  EXACT_FLAT,
  exactCashChange,
  splitPosition,
  ZERO,
  type ExactFill,
  type ExactPosition,
} from './exact-position.ts';
export {
  applyFill,
  cashChange,
  exactFill,
  exactPosition,
  FLAT,
  payFeeInBase,
  positionState,
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
