import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars, type Bar, type Calendar } from '@aistock/market';
import { fillsOf, orderOf, termsOf } from './fills.fixture.ts';
import { matchBar, type MatchTerms } from './index.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';
const barsOf = (file: string, calendar: Calendar): Bar[] => [
  ...parseCsvBars(gunzipSync(readFileSync(join(dataDir!, file))).toString('utf8'), { calendar }),
];

interface Exits {
  stops: number;
  gaps: number;
  targets: number;
  kept: number;
}

/**
 * Enters at each open with a stop and a target so far from it and follows the bracket for a while, once by the venue and
 * once by a bare loop over float64, which must agree in every price.
 */
function follow(
  series: readonly Bar[],
  terms: MatchTerms,
  { stop, target, step }: Record<string, number>,
): Exits {
  const exits: Exits = { stops: 0, gaps: 0, targets: 0, kept: 0 };
  for (let first = 0; first + 20 < series.length; first += step!) {
    const bars = series.slice(first, first + 20);
    const open = Number(bars[0]!.open);
    const [stopPrice, targetPrice] = [(open * (1 - stop!)).toFixed(4), (open * (1 + target!)).toFixed(4)];
    const expected = exitByHand(bars, Number(stopPrice), Number(targetPrice));
    let orders = [
      orderOf('market', {
        placedMs: bars[0]!.openMs,
        quantity: '1',
        protection: { stopPrice, targetPrice, trailBps: null },
      }),
    ] as Parameters<typeof matchBar>[0];
    let holding = { cash: '1000000', quantity: '0' };
    let price: number | undefined;
    for (const bar of bars) {
      const matched = matchBar(orders, bar, holding, terms);
      ({ orders, holding } = matched);
      price ??= fillsOf(matched)
        .filter(({ protection }) => protection !== null)
        .map((fill) => Number(fill.price))[0];
    }
    assert.equal(price, expected.price, `entered in bar ${bars[0]!.openMs}`);
    exits[expected.kind]++;
  }
  return exits;
}

function exitByHand(
  bars: readonly Bar[],
  stop: number,
  target: number,
): { kind: keyof Exits; price: number | undefined } {
  for (const [index, bar] of bars.entries()) {
    const [open, high, low] = [Number(bar.open), Number(bar.high), Number(bar.low)];
    if (index > 0 && open <= stop) return { kind: 'gaps', price: open };
    if (index > 0 && open > target) return { kind: 'targets', price: low > target ? low : target };
    if (low <= stop) return { kind: 'stops', price: stop };
    if (high > target) return { kind: 'targets', price: target };
  }
  return { kind: 'kept', price: undefined };
}

test('brackets over daily bars of SPY end where a bare loop ends them, gaps at the open', { skip }, () => {
  const bars = barsOf('bars/lean-equity/SPY/1d.csv.gz', 'xnys');
  const terms = termsOf({}, { calendar: 'xnys', timeframe: '1d' });
  const exits = follow(bars, terms, { stop: 0.02, target: 0.03, step: 3 });
  assert.deepEqual(exits, { stops: 921, gaps: 129, targets: 654, kept: 239 });
});

test('brackets over five-minute bars of BTC/USDT end where a bare loop ends them', { skip }, () => {
  const bars = barsOf('bars/nfi-binance-spot/BTC-USDT/5m.csv.gz', 'always');
  const exits = follow(bars, termsOf({}, { timeframe: '5m' }), { stop: 0.004, target: 0.005, step: 13 });
  assert.deepEqual(exits, { stops: 2_789, gaps: 0, targets: 2_061, kept: 206 });
});
