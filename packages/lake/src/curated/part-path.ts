const STREAM = /^([a-z][a-z0-9_]{0,31}):([A-Z0-9][A-Z0-9./:]{0,61}):(1m|5m|15m|30m|1h|4h|1d)$/;
const PART_ID = /^[0-9a-f]{64}$/;
const YEAR = /^[1-9]\d{3}$/;

/** The bars of a stream that open in one year, UTC: one folder of the curated store. */
export interface Partition {
  /** `source:instrument:timeframe`. */
  readonly stream: string;
  readonly year: number;
}

/**
 * The folders of a stream, in the layout that Hive, Spark, Trino and DuckDB read as columns:
 * `source=binance/instrument=BTC-USDT/timeframe=1m`. An instrument has neither `-` nor `_`, so that `/` becomes `-` and `:`
 * becomes `_` and no two streams ever share a folder.
 * @throws TypeError for anything else than a stream: no other name becomes a path.
 */
export function streamFolder(stream: string): string {
  const [, source, instrument, timeframe] = STREAM.exec(stream) ?? [];
  if (source === undefined || instrument === undefined)
    throw new TypeError('a stream is source:instrument:timeframe');
  const folder = instrument.replaceAll('/', '-').replaceAll(':', '_');
  return `source=${source}/instrument=${folder}/timeframe=${timeframe}`;
}

/**
 * Where a part is: `curated/source=binance/instrument=BTC-USDT/timeframe=1m/year=2024/<id>.parquet`.
 * @throws TypeError for anything else than a stream, a year and a SHA-256.
 */
export function partPath({ stream, year }: Partition, partId: string): string {
  if (!YEAR.test(String(year)) || !PART_ID.test(partId))
    throw new TypeError('a part is named by its stream, its year and the SHA-256 of its bytes');
  return `curated/${streamFolder(stream)}/year=${year}/${partId}.parquet`;
}

/** The first moment of the year, and of the next one, Unix ms UTC. */
export function yearBounds(year: number): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: Date.UTC(year), toMs: Date.UTC(year + 1) };
}
