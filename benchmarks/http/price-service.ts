import type { dataIngesterApi, Output } from '@aistock/shared';
import express from 'express';
import { BAR_OPEN_MS, STREAM } from './work.ts';

/** Stands in for data_ingester: one stream, one bar. */
const app = express();
app.get(['/ping', '/ready'], (_request, response) => {
  response.json({ pong: true, ready: true });
});

const bars: Output<typeof dataIngesterApi.bars> = {
  stream: STREAM,
  bars: [{ open_ms: BAR_OPEN_MS, open: '3244', high: '3258', low: '3235', close: '3257', volume: '1' }],
  next_from_ms: null,
};
app.get('/bars', (_request, response) => {
  response.json(bars);
});

const streams: Output<typeof dataIngesterApi.streams> = {
  streams: [
    {
      stream: STREAM,
      source: 'csv',
      instrument: 'SP500',
      timeframe: '1d',
      calendar: 'always',
      watermark_ms: BAR_OPEN_MS,
      bars: 1,
      first_open_ms: BAR_OPEN_MS,
      last_open_ms: BAR_OPEN_MS,
      files: { downloaded: 0, processing: 0, processed: 1, quarantined: 0, failed: 0 },
      gaps: 0,
      source_range: null,
    },
  ],
};
app.get('/streams', (_request, response) => {
  response.json(streams);
});

app.listen(Number(process.env['PORT']), '127.0.0.1');
