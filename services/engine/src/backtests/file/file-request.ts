import { CALENDARS } from '@aistock/market';
import { Instrument, Timeframe } from '@aistock/shared';
import { z } from 'zod';

/** What is asked of the process that runs a backtest from a file of bars, as one JSON text on its standard input. */
export const FileRequest = z.strictObject({
  /** CSV, or CSV under gzip by the name `.gz`. */
  bars: z.string().min(1),
  instrument: Instrument,
  /** The most usual distance of its bars unless told. */
  timeframe: Timeframe.optional(),
  /** The one that its bars look like unless told. */
  calendar: z.enum(CALENDARS).optional(),
  /** A BacktestRequest in the short form without `stream`; `from_ms` and `to_ms` are those of the file unless told. */
  request: z.record(z.string(), z.unknown()),
  /** The folder that takes report.html, trades.csv and decisions.jsonl. */
  out: z.string().min(1),
});
export type FileRequest = z.output<typeof FileRequest>;
