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
  picture,
  PICTURE_WIDTH,
  rangeOf,
  shade,
  type Frame,
  type FrameTerms,
} from './frame.ts';
export {
  coarsen,
  ribbon,
  ribbonKey,
  stretchesNamed,
  stretchesOf,
  stretchShares,
  type RegimeFrom,
  type Stretch,
} from './regime-ribbon.ts';
export { REPORT_STYLE } from './report-style.ts';
export { headText, table, type Cell } from './table.ts';
export { thin, type Series } from './thin.ts';
