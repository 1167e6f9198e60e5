import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Alpaca, TimeFrame } from '@alpacahq/alpaca-trade-api/rest';
import { forbidOtherHosts, type HostGuard } from '../../guard/forbid-other-hosts.ts';
import { startVenueSim, type VenueSim } from '../../start-venue-sim.ts';
import { minuteMarket, MINUTE_MS, standingClock, START_MS } from '../../../test/sims.ts';

const CLOSED = 4_000;
const KEYS = { 'apca-api-key-id': 'key', 'apca-api-secret-key': 'secret' };

let sim: VenueSim;
let guard: HostGuard;
let alpaca: Alpaca;

before(async () => {
  const markets = [
    minuteMarket('alpaca', 'AAPL'),
    { ...minuteMarket('alpaca', 'MSFT', 3), feed: 'iex' },
    { ...minuteMarket('alpaca', 'MSFT', 5), feed: 'sip' },
    minuteMarket('alpaca', 'BTC/USD', 2_500),
  ];
  sim = await startVenueSim({ markets, clock: standingClock(CLOSED + 0.5) });
  guard = forbidOtherHosts(sim.url);
  alpaca = new Alpaca({
    keyId: 'key',
    secret: 'secret',
    retry: false,
    rateLimit: false,
    fetchApi: (url, init) => fetch(url.replace(/^https:\/\/[^/]*/, sim.url), init),
  });
});
after(async () => {
  guard.lift();
  await sim.stop();
});

const minutesOf = (time: Date | string): number => (new Date(time).getTime() - START_MS) / MINUTE_MS;

test('the SDK pages through thousands of bars, equal to the truth', async () => {
  const bars = await alpaca.marketData.collectStockBarsBySymbol({
    symbols: ['AAPL'],
    timeframe: TimeFrame.Minute,
    start: new Date(START_MS),
    limit: 700,
  });
  const rows = (bars['AAPL'] ?? []).map(({ t, o, h, l, c, v }) => [new Date(t).getTime(), o, h, l, c, v]);
  const forming = rows.pop();
  const truth = [...sim.truth.bars('alpaca:AAPL:1m')].map((bar) => Object.values(bar).map(Number));
  assert.equal(truth.length, CLOSED);
  assert.deepEqual(rows, truth);
  assert.equal(forming?.[0], START_MS + CLOSED * MINUTE_MS);
  assert.equal(sim.control.requests().length, 6, 'of at most 700 bars each');
});

test('crypto bars come without keys, stock bars do not', async () => {
  const crypto = await alpaca.marketData.collectCryptoBarsBySymbol({
    loc: 'us',
    symbols: ['BTC/USD'],
    timeframe: TimeFrame.Minute,
    start: new Date(START_MS),
  });
  assert.equal(crypto['BTC/USD']?.length, 2_500);
  const query = 'symbols=BTC%2FUSD&timeframe=1Min&start=2024-01-02';
  assert.equal((await fetch(`${sim.url}/v1beta3/crypto/us/bars?${query}`)).status, 200);
  assert.equal((await fetch(`${sim.url}/v2/stocks/bars?symbols=AAPL&timeframe=1Min`)).status, 401);
});

interface BarsPage {
  readonly bars: Readonly<Record<string, { readonly t: string }[]>>;
  readonly next_page_token: string | null;
}

async function page(query: string): Promise<{ opens: [string, number[]][]; token: string | null }> {
  const response = await fetch(`${sim.url}/v2/stocks/bars?timeframe=1Min&start=2024-01-02&${query}`, {
    headers: KEYS,
  });
  const { bars, next_page_token: token } = (await response.json()) as BarsPage;
  return {
    opens: Object.entries(bars).map(([symbol, rows]) => [symbol, rows.map((bar) => minutesOf(bar.t))]),
    token,
  };
}

test('the limit is of all symbols together, which come one after the other', async () => {
  const until = `end=${new Date(START_MS + 2 * MINUTE_MS).toISOString()}`;
  const first = await page(`symbols=MSFT,AAPL&limit=4&feed=sip&${until}`);
  assert.deepEqual(first.opens, [
    ['AAPL', [0, 1, 2]],
    ['MSFT', [0]],
  ]);
  const second = await page(`symbols=MSFT,AAPL&limit=4&feed=sip&${until}&page_token=${first.token}`);
  assert.deepEqual(second, { opens: [['MSFT', [1, 2]]], token: null });
});

test('a market of one feed is given to requests of that feed only', async () => {
  const opens: unknown[] = [];
  for (const feed of ['iex', 'sip', 'otc']) opens.push((await page(`symbols=MSFT&feed=${feed}`)).opens);
  assert.deepEqual(opens, [[['MSFT', [0, 1, 2]]], [['MSFT', [0, 1, 2, 3, 4]]], []]);
});

test('newest first pages backwards', async () => {
  const until = `end=${new Date(START_MS + 4 * MINUTE_MS).toISOString()}`;
  const first = await page(`symbols=AAPL&sort=desc&limit=3&${until}`);
  const second = await page(`symbols=AAPL&sort=desc&limit=3&${until}&page_token=${first.token}`);
  assert.deepEqual([first.opens, second.opens], [[['AAPL', [4, 3, 2]]], [['AAPL', [1, 0]]]]);
});

test('what cannot be answered is refused', async () => {
  for (const query of [
    'timeframe=1Min',
    'symbols=AAPL&timeframe=1Lustrum',
    'symbols=AAPL&timeframe=1Min&limit=10001',
    'symbols=AAPL&timeframe=1Min&adjustment=none',
    'symbols=AAPL&timeframe=1Min&feed=rumour',
    'symbols=AAPL&timeframe=1Min&start=yesterday',
    'symbols=AAPL&timeframe=1Min&page_token=zzz',
    'symbols=AAPL&timeframe=1Min&start=2024-01-03&end=2024-01-02',
  ]) {
    const response = await fetch(`${sim.url}/v2/stocks/bars?${query}`, { headers: KEYS });
    assert.equal(response.status, 400, query);
    assert.match(((await response.json()) as { message: string }).message, /./);
  }
});

test('the SDK reads both clocks and both calendars', async () => {
  sim.control.setClock({ nowMs: Date.UTC(2024, 6, 3, 15) });
  const old = await alpaca.trading.clock.legacyClock();
  assert.deepEqual(
    [old.isOpen, old.timestamp, old.nextClose, old.nextOpen],
    [
      true,
      new Date('2024-07-03T15:00:00Z'),
      new Date('2024-07-03T17:00:00Z'),
      new Date('2024-07-05T13:30:00Z'),
    ],
  );
  const { clocks } = await alpaca.trading.clock.clock({ markets: 'NYSE' });
  assert.deepEqual([clocks[0]?.phase, clocks[0]?.isMarketDay], ['core', true]);

  const range = { start: new Date('2024-07-03'), end: new Date('2024-07-05') };
  const days = await alpaca.trading.calendar.legacyCalendar(range);
  assert.deepEqual(
    days.map(({ date, open, close }) => [date?.toISOString().slice(0, 10), open, close]),
    [
      ['2024-07-03', '09:30', '13:00'],
      ['2024-07-05', '09:30', '16:00'],
    ],
  );
  const { calendar } = await alpaca.trading.calendar.calendar({ market: 'NYSE', ...range });
  assert.deepEqual(
    calendar.map(({ coreEnd }) => coreEnd.toISOString()),
    ['2024-07-03T17:00:00.000Z', '2024-07-05T20:00:00.000Z'],
  );
});

test('the phase of the day follows New York', async () => {
  const phases: string[] = [];
  for (const hour of [7, 9, 15, 21, 25]) {
    sim.control.setClock({ nowMs: Date.UTC(2024, 0, 3, hour) });
    const { clocks } = await alpaca.trading.clock.clock({});
    phases.push(`${clocks[0]?.phase} ${clocks[0]?.isMarketDay}`);
  }
  assert.deepEqual(phases, ['closed true', 'pre true', 'core true', 'post true', 'closed true']);
});
