import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError } from '@aistock/service-kit';
import { parseSources, readSourcesFile } from './sources-file.ts';

const SHIPPED = join(import.meta.dirname, '../../../../infra/sources.yaml');
const STREAMS = `streams:
  - { sources: [a], instruments: [BTC/USDT], timeframes: [1m] }
`;

function problemsOf(text: string): readonly string[] {
  try {
    parseSources(text, 'f.yaml');
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.map((problem) => problem.replace('SOURCES_FILE: f.yaml, ', ''));
  }
  return [];
}

test('the file that is shipped describes the packaged series', async () => {
  const { sources, streams } = await readSourcesFile(SHIPPED);
  assert.deepEqual(Object.keys(sources), ['csv']);
  assert.deepEqual(
    streams.map(({ instruments, timeframes }) => [instruments, timeframes]),
    [[['SP500'], ['1d']]],
  );
});

test('every example in it can be switched on', async () => {
  const text = await readFile(SHIPPED, 'utf8');
  const entries = text.replaceAll(/^( +)# (?=\S+: \{|\S+:$|- sources| {2,}\S)/gm, '$1');
  const { sources, streams, universes } = parseSources(entries, 'f.yaml');
  assert.deepEqual(Object.keys(sources).toSorted(), [
    'alpaca',
    'alphavantage',
    'binance',
    'binance_test',
    'csv',
    'files',
    'finnhub',
    'kraken',
    'one',
    'sim',
    'yahoo',
  ]);
  assert.deepEqual(
    streams.map(({ name }) => name),
    [undefined, 'us', 'crypto'],
  );
  assert.equal(streams[1]?.start, Date.UTC(2020, 0, 1));
  assert.equal(streams[1]?.quality?.outlier_z, 15);
  assert.deepEqual(Object.keys(universes), ['index', 'us_liquid']);
  assert.deepEqual(universes['us_liquid']?.filters?.earnings_blackout, { days_before: 2, days_after: 1 });
});

/** A few lines that would be gigabytes. */
function bomb(): string {
  const lines = Array.from({ length: 12 }, (_, i) => `x${i + 1}: &x${i + 1} [${`*x${i}, `.repeat(9)}]`);
  return ['x0: &x0 [1]', ...lines, ''].join('\n');
}

const WRONG: [text: string, told: RegExp][] = [
  ['', /^line 1, the file: /],
  ['sources: [', /^line 1: /],
  [`sources:\n  a: !vault { kind: csv }\n${STREAMS}`, /^line 2: Unresolved tag/],
  [bomb(), /^the file: Excessive alias count/],
  ['sources:\n  a: { kind: csv, packaged: sp500 }\n  a: 1\n', /^line 3: Map keys must be unique/],
  [`sources:\n  a: { kind: cxt }\n${STREAMS}`, /^line 2, sources\.a\.kind: .*ccxt.*but is "cxt"/],
  [
    `sources:\n  a:\n    kind: ccxt\n    exchange: kraken\n    speed: 3\n${STREAMS}`,
    /^line 5, sources\.a\.speed: is not known here; allowed are kind, exchange, sandbox, origin, timeout_ms, budget$/,
  ],
  [`sources:\n  A: { kind: csv, packaged: sp500 }\n${STREAMS}`, /^line 2, sources\.A: must be a name/],
  [
    `sources:\n  a: { kind: csv }\n${STREAMS}`,
    /^line 2, sources\.a: must have exactly one of folder, file and/,
  ],
  [`sources:\n  a: { kind: csv, file: x.csv }\n${STREAMS}`, /file needs instrument and timeframe/],
  [
    `sources:\n  a: { kind: ccxt, exchange: kraken, budget: {} }\n${STREAMS}`,
    /budget: must name at least one/,
  ],
  [
    'sources:\n  a: { kind: csv, packaged: sp500 }\nstreams:\n  - { sources: [b], instruments: [SP500], timeframes: [1d] }',
    /^line 4, streams\.0\.sources\.0: must be one of sources \(a\), but is "b"$/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS}${STREAMS.split('\n')[1]}`,
    /^line 5, streams\.1: a:BTC\/USDT:1m is described twice$/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS}  - { sources: [a], instruments: [BTC/USDT], timeframes: [1h], calendar: fx }`,
    /^line 5, streams\.1: a BTC\/USDT has the calendar fx here and always elsewhere$/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS.replace(' }', ', schedule: { delay_s: 60 } }')}`,
    /delay_s must be less than a bar of 1m lasts/,
  ],
  [
    `sources:\n  a: { kind: alpaca, delay_s: 3590 }\n${STREAMS.replace(' }', ', schedule: { delay_s: 10 } }')}`,
    /^line 4, streams\.0: schedule\.delay_s and delay_s of the source together must be at most 3599$/,
  ],
  [
    `sources:\n  a: { kind: alpaca, feed: sip }\n${STREAMS.replace('1m', '1h').replace(' }', ', schedule: { delay_s: 3000 } }')}`,
    /^line 4, streams\.0: schedule\.delay_s and delay_s of the source together must be at most 3599$/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS.replace(' }', ', tick_size: 0.01 }')}`,
    /tick_size: must be a decimal in quotes/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS.replace(' }', ', schedule: { cron: daily } }')}`,
    /schedule\.cron: must be a cron expression.*but is "daily"/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS}universes:\n  all: { source: a }\n`,
    /has no stream of 1d/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS.replace('1m', '1d')}universes:\n  all:\n    source: a\n    instruments: [ETH/USDT]\n`,
    /^line 8, universes\.all\.instruments\.0: there is no stream a:ETH\/USDT:1d/,
  ],
  [
    `sources:\n  a: { kind: csv, packaged: sp500 }\n${STREAMS.replace('1m', '1d')}universes:\n  all: { source: a, filters: { min_price: '2', max_price: '1' } }\n`,
    /filters\.min_price: must not be above max_price, 1/,
  ],
];

for (const [text, told] of WRONG) {
  test(`refused with ${told.source}`, () => {
    const [first, ...others] = problemsOf(text);
    assert.match(first ?? 'nothing', told);
    assert.deepEqual(others, []);
  });
}

const sentTo = (origin: string): readonly string[] =>
  problemsOf(`sources:\n  a: { kind: ccxt, exchange: kraken, origin: '${origin}' }\n${STREAMS}`);

test('a server elsewhere is asked encrypted, or on this machine', () => {
  for (const fine of [
    'https://bars.example',
    'http://127.0.0.1:8010',
    'http://localhost',
    'http://[::1]:8010/',
  ])
    assert.deepEqual(sentTo(fine), [], fine);
  for (const wrong of [
    'http://10.0.0.1',
    'http://169.254.169.254',
    'http://127.0.0.1.example',
    'ftp://127.0.0.1',
    'http://127.0.0.1/path',
    'file:///etc',
  ])
    assert.match(sentTo(wrong).join(), /sources\.a\.origin: must be https, or http on a loopback/, wrong);
});

test('secrets are refused wherever they stand, and never repeated', () => {
  const key = `sources:\n  a: { kind: ccxt, exchange: kraken, api_key: hunter2 }\n${STREAMS}`;
  assert.deepEqual(problemsOf(key), [
    'line 2, api_key: looks like a secret; give it by the environment only',
  ]);
  const inUrl = `sources:\n  a: { kind: ccxt, exchange: kraken, origin: 'https://me:hunter2@x.example' }\n${STREAMS}`;
  assert.match(problemsOf(inUrl).join(), /origin: must be https/);
  assert.doesNotMatch(problemsOf(inUrl).join(), /hunter2/);
});

test('a file that cannot be read is a problem of SOURCES_FILE', async () => {
  await assert.rejects(
    readSourcesFile('/nonexistent.yaml'),
    /SOURCES_FILE: \/nonexistent\.yaml cannot be read/,
  );
});
