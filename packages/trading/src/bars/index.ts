export { BarCursor } from './bar-cursor.ts';
export { BarSeries, type BarColumns } from './bar-series.ts';
export { firstFrom } from './first-from.ts';
export { sliceSeries } from './slice-series.ts';
export type { BarView } from './bar-view.ts';
