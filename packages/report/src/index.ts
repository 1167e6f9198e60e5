export {
  axisNumber,
  day,
  duration,
  minute,
  money,
  percent,
  plain,
  price,
  signedPercent,
  words,
} from './figure-text.ts';
export {
  areaTo,
  band,
  chart,
  COLUMNS,
  frameOf,
  line,
  rangeOf,
  type Frame,
  type FrameTerms,
} from './frame.ts';
export { ribbon, ribbonKey, stretchesOf, type RegimeFrom } from './regime-ribbon.ts';
export { REPORT_STYLE } from './report-style.ts';
export { table, type Cell } from './table.ts';
export { thin, type Series } from './thin.ts';
