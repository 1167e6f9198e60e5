/**
 * What reads the curated store itself. Whoever uses it decides what may be seen as of which time, so that only the
 * reader of data_ingester, and what repairs the store, import it; a lint rule holds that.
 */
export { PartReader, type ReadablePart } from './curated/part-reader.ts';
export type { RowColumns } from './curated/read-columns.ts';
export { visibleRows, type PointInTime } from './curated/visible-rows.ts';
