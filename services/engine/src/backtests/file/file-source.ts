import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  closeMs,
  csvBarParser,
  CsvError,
  isTimeframe,
  TIMEFRAME_MS,
  type Bar,
  type Calendar,
  type Timeframe,
} from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { MarketStream } from '../../market-stream.ts';
import { BARS_MAX, type BarSource } from '../data/bar-source.ts';
import type { FileRequest } from './file-request.ts';
import { guessCalendar } from './guess-calendar.ts';

/** The bars of a file as a stream of their own. */
export interface FileStream {
  readonly stream: MarketStream;
  readonly source: BarSource;
  /** Open of the first bar, and close of the last. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** @throws ServiceError `bars_unreadable` with line and field. */
export async function openFile(request: FileRequest): Promise<FileStream> {
  const read = await readBars(request.bars, request.calendar ?? 'always');
  const timeframe = request.timeframe ?? timeframeOf(request.bars, read);
  const calendar = request.calendar ?? guessCalendar(read, request.instrument, timeframe);
  // A calendar names the bars of days in its own way.
  const isNamed = request.calendar !== undefined || calendar === 'always';
  const bars = isNamed ? read : await readBars(request.bars, calendar);
  const id = `csv:${request.instrument}:${timeframe}`;
  const { instrument } = request;
  const stream = { id, instrument, timeframe, calendar };
  const closes = (bar: Bar): number => closeMs(bar.openMs, timeframe, calendar);
  return {
    stream,
    source: {
      find: async (wanted) => {
        if (wanted === id) return stream;
        throw new ServiceError('stream_unknown', 404, `the file has ${id} only, not ${wanted}`);
      },
      bars: async function* (_stream, { warmUpBars, fromMs, toMs }) {
        const first = bars.findIndex(({ openMs }) => openMs >= fromMs);
        if (first === -1) return;
        yield bars.slice(Math.max(0, first - warmUpBars)).filter((bar) => closes(bar) <= toMs);
      },
    },
    fromMs: bars[0]!.openMs,
    toMs: closes(bars.at(-1)!),
  };
}

async function readBars(file: string, calendar: Calendar): Promise<Bar[]> {
  const parser = csvBarParser({ calendar });
  const bars: Bar[] = [];
  const take = (more: readonly Bar[]): void => {
    for (const bar of more) bars.push(checked(file, bar, bars.at(-1)));
    if (bars.length > BARS_MAX) throw unreadable(file, `holds more than ${BARS_MAX} bars`);
  };
  try {
    for await (const text of textOf(file)) take(parser.push(text));
    take(parser.end());
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    if (!(error instanceof CsvError) && !(error instanceof Error && 'code' in error)) throw error;
    throw unreadable(file, error.message, error);
  }
  if (bars.length < 2) throw unreadable(file, 'holds fewer than two bars');
  return bars;
}

async function* textOf(file: string): AsyncGenerator<string> {
  const text = file.endsWith('.gz') ? unpacked(file) : createReadStream(file);
  text.setEncoding('utf8');
  for await (const part of text) yield String(part);
}

function unpacked(file: string): Readable {
  const gunzip = createGunzip();
  createReadStream(file)
    .on('error', (error) => gunzip.destroy(error))
    .pipe(gunzip);
  return gunzip;
}

/** A file has no quality check before it: what is not a bar, or comes twice, stops here. */
function checked(file: string, bar: Bar, before: Bar | undefined): Bar {
  const [open, high, low, close, volume] = [bar.open, bar.high, bar.low, bar.close, bar.volume].map(Number);
  const isBar =
    low! > 0 && high! >= Math.max(open!, close!) && low! <= Math.min(open!, close!) && volume! >= 0;
  const at = new Date(bar.openMs).toISOString();
  if (!isBar)
    throw unreadable(file, `the bar of ${at} has prices that no bar has: above zero, within high and low`);
  if (before && before.openMs >= bar.openMs)
    throw unreadable(file, `the bar of ${at} does not come after the one before it; sort the file by time`);
  return bar;
}

/** The timeframe that most bars follow one another in; daily bars of a market that closes are a day apart at least. */
function timeframeOf(file: string, bars: readonly Bar[]): Timeframe {
  const counts = new Map<number, number>();
  for (const [index, { openMs }] of bars.entries())
    if (index > 0) {
      const ms = openMs - bars[index - 1]!.openMs;
      counts.set(ms, (counts.get(ms) ?? 0) + 1);
    }
  const [usualMs] = [...counts].toSorted(([, a], [, b]) => b - a)[0]!;
  const found = Object.entries(TIMEFRAME_MS).find(([, ms]) => ms === usualMs)?.[0];
  if (found !== undefined && isTimeframe(found)) return found;
  throw unreadable(
    file,
    `its bars are ${usualMs} ms apart, which is none of ${Object.keys(TIMEFRAME_MS).join(', ')}`,
  );
}

function unreadable(file: string, what: string, cause?: unknown): ServiceError {
  return new ServiceError('bars_unreadable', 422, `${file}: ${what}`, {
    cause,
    fields: [{ field: 'bars', message: what }],
  });
}
