// What Yahoo tells beside its bars: prices with every split worked in that had been when it was asked, and none of later.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createRig, ingestAll, type IngesterClient, type Rig } from './rig.ts';

const STREAM = 'yahoo:AAPL:1d';
const SYMBOL = 'AAPL';
const CLOSES: Readonly<Record<string, number>> = {
  '2024-01-02': 396,
  '2024-01-03': 400,
  '2024-01-04': 392,
  '2024-01-05': 400,
  '2024-01-08': 404,
  '2024-01-09': 408,
  '2024-01-10': 412,
};
/** By the opening of New York's exchange, as Yahoo names days. */
const openMs = (day: string): number => Date.parse(`${day}T14:30:00Z`);
const midnightMs = (day: string): number => Date.parse(`${day}T05:00:00Z`);
const DIVIDEND_DAY = '2024-01-04';
const SPLIT_DAY = '2024-01-08';
const SPECIAL_DAY = '2024-01-10';

let nowMs = Date.parse('2024-01-05T22:00:00Z');
/** By day, of one share as it was then. */
const dividends: Record<string, number> = { [DIVIDEND_DAY]: 8, [SPECIAL_DAY]: 20 };

/** What Yahoo says now of a range: all of it in the shares of today. */
function chartOf(url: URL): object {
  const asked = (name: string): number => Number(url.searchParams.get(name)) * 1_000;
  const inRange = (day: string): boolean =>
    openMs(day) >= asked('period1') && openMs(day) < asked('period2') && openMs(day) < nowMs;
  const shares = nowMs >= openMs(SPLIT_DAY) ? 4 : 1;
  const days = Object.keys(CLOSES).filter(inRange);
  const values = days.map((day) => CLOSES[day]! / shares);
  const at = (day: string): number => openMs(day) / 1_000;
  const events = {
    dividends: Object.fromEntries(
      Object.entries(dividends)
        .filter(([day]) => inRange(day))
        .map(([day, amount]) => [at(day), { amount: amount / shares, date: at(day) }]),
    ),
    ...(inRange(SPLIT_DAY) && {
      splits: { [at(SPLIT_DAY)]: { date: at(SPLIT_DAY), numerator: 4, denominator: 1, splitRatio: '4:1' } },
    }),
  };
  return {
    meta: { symbol: SYMBOL, exchangeTimezoneName: 'America/New_York', dataGranularity: '1d' },
    timestamp: days.map(at),
    events,
    indicators: {
      quote: [{ open: values, high: values, low: values, close: values, volume: days.map(() => 1_000) }],
    },
  };
}

const CLOCK_CHART = {
  meta: { symbol: 'SPY', exchangeTimezoneName: 'America/New_York', dataGranularity: '1d' },
  indicators: { quote: [{}] },
};

let rig: Rig;
let server: Server;
let client: IngesterClient;
before(async () => {
  rig = await createRig();
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const result = url.searchParams.has('range') ? CLOCK_CHART : chartOf(url);
    response.writeHead(200, { 'content-type': 'application/json', date: new Date(nowMs).toUTCString() });
    response.end(JSON.stringify({ chart: { result: [result], error: null } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = join(rig.folder, 'sources.yaml');
  await writeFile(
    file,
    `sources:
  yahoo: { kind: yahoo, origin: 'http://127.0.0.1:${port}' }
streams:
  - { sources: [yahoo], instruments: [${SYMBOL}], timeframes: [1d], start: 2024-01-02, quality: { restate_bars: 1 } }
`,
  );
  ({ client } = await rig.start({ SOURCES_FILE: file }, { clock: { nowMs: () => nowMs } }));
});
after(async () => {
  await rig.close();
  server.close();
});

const told = async (asOfMs = nowMs) =>
  (
    await client.corporateActions({ params: { id: STREAM }, query: { as_of_ms: String(asOfMs) } })
  ).actions.map(({ kind, ex_ms: exMs, known_ms: knownMs, new_shares: shares, amount, noted_by: by }) => [
    kind,
    exMs,
    knownMs,
    shares ?? amount,
    by,
  ]);

const newest = async (asOfMs: number) => (await told(asOfMs)).at(-1);

async function closes(adjust: 'raw' | 'split' | 'total', asOfMs = nowMs): Promise<number[]> {
  const { bars } = await client.bars({ query: { stream: STREAM, adjust, as_of_ms: String(asOfMs) } });
  return bars.map(({ close }) => Math.round(Number(close) * 1e6) / 1e6);
}

const rows = () => rig.database.db.selectFrom('market.corporate_action').selectAll().execute();
const beforeSplitMs = nowMs;

test('a dividend is noted with the bars that it came with, and known since its day', async () => {
  await ingestAll(client, STREAM);
  const exMs = midnightMs(DIVIDEND_DAY);
  assert.deepEqual(await told(), [['dividend', exMs, exMs, '8', 'yahoo']]);
  assert.deepEqual(await closes('split'), [396, 400, 392, 400]);
  assert.deepEqual(await closes('total'), [388.08, 392, 392, 400]);
  await ingestAll(client, STREAM);
  assert.equal((await rows()).length, 1, 'told again it is nothing new');
});

test('bars of before a split come in new shares, those that Yahoo adjusted itself not twice', async () => {
  nowMs = Date.parse('2024-01-09T22:00:00Z');
  await ingestAll(client, STREAM);
  // The last bar was asked for once more, and is a revision in the shares of after the split.
  assert.deepEqual(await closes('raw'), [396, 400, 392, 100, 101, 102]);
  assert.deepEqual(await closes('split'), [99, 100, 98, 100, 101, 102]);
  assert.deepEqual(await closes('total'), [97.02, 98, 98, 100, 101, 102]);
  assert.deepEqual(await closes('total', beforeSplitMs), [388.08, 392, 392, 400]);
});

test('a dividend that Yahoo tells otherwise later is so from then on', async () => {
  const earlierMs = nowMs;
  nowMs += 3_600_000;
  dividends[DIVIDEND_DAY] = 4;
  const [fromMs, toMs] = [midnightMs('2024-01-02'), midnightMs('2024-01-10')];
  await client.recheck({ params: { id: STREAM }, body: { from_ms: fromMs, to_ms: toMs } });
  assert.deepEqual((await told())[0], ['dividend', midnightMs(DIVIDEND_DAY), nowMs, '1', 'yahoo']);
  assert.deepEqual(await closes('raw'), [99, 100, 98, 100, 101, 102]);
  assert.deepEqual(await closes('total'), [98.01, 99, 98, 100, 101, 102]);
  assert.deepEqual(await closes('total', earlierMs), [97.02, 98, 98, 100, 101, 102]);
  const noted = await rig.database.db
    .selectFrom('audit.outbox')
    .select('payload')
    .where('kind', '=', 'action.noted')
    .execute();
  assert.ok(noted.length >= 3);
});

test('what Yahoo tells otherwise at the very time that a person did comes after that, and its bars go in', async () => {
  nowMs = Date.parse('2024-01-10T22:00:00Z');
  const exMs = midnightMs(SPECIAL_DAY);
  const note = (amount: string, knownMs?: number) =>
    client.noteCorporateActions({
      params: { id: STREAM },
      body: {
        by: 'ana',
        reason: 'from the exchange',
        actions: [{ kind: 'dividend', ex_ms: exMs, amount }],
        ...(knownMs !== undefined && { known_ms: knownMs }),
      },
    });
  await note('7', nowMs);
  await assert.rejects(note('8', nowMs), { status: 409 });
  const [result] = await ingestAll(client, STREAM);
  assert.deepEqual([result?.status, result?.accepted], ['ingested', 1]);
  assert.deepEqual(await newest(nowMs), ['dividend', exMs, nowMs, '7', 'ana']);
  assert.deepEqual(
    await newest(nowMs + 1),
    ['dividend', exMs, nowMs, '7', 'ana'],
    'later than now is not known',
  );
  nowMs += 1;
  assert.deepEqual(await newest(nowMs), ['dividend', exMs, nowMs, '5', 'yahoo']);
  const count = (await rows()).length;
  await ingestAll(client, STREAM);
  assert.equal((await rows()).length, count, 'told again it is nothing new');
});

test('a clock that was set back does not stop a stream whose actions are told otherwise', async () => {
  const knownMs = nowMs;
  nowMs -= 3_600_000;
  dividends[SPECIAL_DAY] = 24;
  const [fromMs, toMs] = [midnightMs('2024-01-02'), midnightMs('2024-01-11')];
  await client.recheck({ params: { id: STREAM }, body: { from_ms: fromMs, to_ms: toMs } });
  nowMs = knownMs + 1;
  assert.deepEqual((await told()).at(-1), ['dividend', midnightMs(SPECIAL_DAY), nowMs, '6', 'yahoo']);
});
