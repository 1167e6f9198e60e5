import type { dataIngesterApi, Output } from '@aistock/shared';
import express, { type Request } from 'express';
import { madeBars, type MadeBars } from './made-bars.ts';
import { BARS, firstBarFrom, INSTRUMENT_NAMES, openMsOf, STREAMS, streamOf } from './work.ts';

/** Stands in for data_ingester: made bars of every stream, in memory. */
const app = express();
app.get(['/ping', '/ready'], (_request, response) => {
  response.json({ pong: true, ready: true });
});

const series = new Map(
  STREAMS.map((stream, index): [string, MadeBars] => [stream, madeBars(BARS, index + 1)]),
);

type Page = Output<typeof dataIngesterApi.bars>;

app.get('/bars', ({ query }: Request, response) => {
  const stream = query['stream'];
  const bars = typeof stream === 'string' ? series.get(stream) : undefined;
  if (typeof stream !== 'string' || !bars) throw new Error('there is no such stream');
  const limit = Number(query['limit']);
  const [first, end] = [firstBarFrom(Number(query['from_ms'] ?? 0)), firstBarFrom(Number(query['to_ms']))];
  const isNewest = query['newest'] === 'true';
  const from = isNewest ? Math.max(first, end - limit) : first;
  const to = Math.min(end, from + limit);
  const page: Page = {
    stream,
    bars: Array.from({ length: Math.max(0, to - from) }, (_, row) =>
      barAt(bars, from + row, query['detail'] === 'true'),
    ),
    next_from_ms: !isNewest && to < end ? openMsOf(to) : null,
  };
  response.json(page);
});

function barAt(
  { open, high, low, close, volume }: MadeBars,
  bar: number,
  isDetailed: boolean,
): Page['bars'][number] {
  return {
    open_ms: openMsOf(bar),
    open: String(open[bar]),
    high: String(high[bar]),
    low: String(low[bar]),
    close: String(close[bar]),
    volume: String(volume[bar]),
    ...(isDetailed && { source: 'made', known_ms: openMsOf(bar + 1), revision: 0 }),
  };
}

const streams: Output<typeof dataIngesterApi.streams> = {
  streams: INSTRUMENT_NAMES.map((instrument) => ({
    stream: streamOf(instrument),
    source: 'made',
    instrument,
    timeframe: '1m',
    calendar: 'always',
    watermark_ms: openMsOf(BARS - 1),
    bars: BARS,
    first_open_ms: openMsOf(0),
    last_open_ms: openMsOf(BARS - 1),
    files: { downloaded: 0, processing: 0, processed: 1, quarantined: 0, failed: 0 },
    gaps: 0,
    source_range: null,
  })),
};
app.get('/streams', (_request, response) => {
  response.json(streams);
});

app.get('/streams/:id/verdict', ({ params }, response) => {
  const verdict: Output<typeof dataIngesterApi.verdict> = { stream: params.id, verdict: 'pass', reasons: [] };
  response.json(verdict);
});

app.listen(Number(process.env['PORT']), '127.0.0.1');
