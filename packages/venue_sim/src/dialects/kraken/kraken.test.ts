import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Exchange } from 'ccxt';
import { forbidOtherHosts, type HostGuard } from '../../guard/forbid-other-hosts.ts';
import type { VenueSim } from '../../start-venue-sim.ts';
import { ccxtExchange } from '../../../test/ccxt-exchange.ts';
import { minuteMarket, MINUTE_MS, START_MS, startOneMarket } from '../../../test/sims.ts';

const MARKET = 'kraken:BTC/USD:1m';
const at = (minutes: number): number => START_MS + minutes * MINUTE_MS;

let sim: VenueSim;
let guard: HostGuard;
let exchange: Exchange;

before(async () => {
  sim = await startOneMarket(minuteMarket('kraken', 'BTC/USD'), 0.5);
  guard = forbidOtherHosts(sim.url);
  exchange = await ccxtExchange('kraken', sim.url);
  await exchange.loadMarkets();
});
after(async () => {
  guard.lift();
  await sim.stop();
});

test('ccxt follows thousands of bars as the clock goes on, never more than 720 at a time', async () => {
  const rows: unknown[][] = [];
  let since = START_MS;
  for (let minutes = 600; minutes <= 4_800; minutes += 600) {
    sim.control.setClock({ nowMs: at(minutes + 0.5) });
    const page = await exchange.fetchOHLCV('BTC/USD', '1m', since);
    assert.equal(page.pop()?.[0], at(minutes), 'the last one still forms');
    rows.push(...page);
    since = at(minutes);
  }
  assert.deepEqual(rows, [...sim.truth.bars(MARKET)].map(Object.values));
  assert.equal(rows.length, 4_800);
});

interface Ohlc {
  readonly result: { readonly XXBTZUSD: [number, ...string[]][]; readonly last: number };
}

const minutesOf = (s: number): number => (s * 1000 - START_MS) / MINUTE_MS;

async function ohlc(query: string): Promise<{ opens: number[]; last: number }> {
  const response = await fetch(`${sim.url}/0/public/OHLC?pair=XBTUSD${query}`);
  const { result } = (await response.json()) as Ohlc;
  return { opens: result.XXBTZUSD.map(([s]) => minutesOf(s)), last: minutesOf(result.last) };
}

test('bars after since come, of the newest 720 only, and the running one whatever since says', async () => {
  sim.control.setClock({ nowMs: at(2_000.5) });
  const all = await ohlc('');
  assert.deepEqual([all.opens.length, all.opens[0], all.opens.at(-1), all.last], [720, 1_281, 2_000, 1_999]);
  assert.deepEqual((await ohlc(`&since=${at(1_997) / 1000}`)).opens, [1_998, 1_999, 2_000]);
  assert.deepEqual((await ohlc(`&since=${at(9_000) / 1000}`)).opens, [2_000]);
  assert.equal((await ohlc(`&since=${at(5) / 1000}`)).opens[0], 1_281, 'older ones cannot be had');
});

test('what cannot be answered is refused in Kraken’s words', async () => {
  for (const [query, error] of [
    ['pair=NONE', 'EQuery:Unknown asset pair'],
    ['pair=XBTUSD&interval=2', 'EGeneral:Invalid arguments'],
    ['pair=XBTUSD&since=x', 'EGeneral:Invalid arguments'],
  ]) {
    const response = await fetch(`${sim.url}/0/public/OHLC?${query}`);
    assert.deepEqual([response.status, await response.json()], [200, { error: [error] }]);
  }
});

test('old assets have their old names, new ones have not', async () => {
  await using other = await startOneMarket(minuteMarket('kraken', 'SOL/USDT'), 3);
  guard.lift();
  const kraken = await ccxtExchange('kraken', other.url);
  await kraken.loadMarkets();
  assert.equal(kraken.market('SOL/USDT')?.id, 'SOLUSDT');
  assert.equal(exchange.market('BTC/USD')?.id, 'XXBTZUSD');
});
