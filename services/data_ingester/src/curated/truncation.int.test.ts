// No look-ahead: whatever is computed at a bar, on what a reader gets as of that bar's close, is what is computed there on
// all bars, bit for bit.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StoredBar } from '@aistock/lake';
import { closeMs, toPriceBar, type PriceBar } from '@aistock/market';
import { FEATURES, type Column } from '@aistock/market/feature-registry';
import { createCuratedRig, type CuratedRig } from './curated-rig.fixture.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2023, 10, 1);
const DAYS = 120;
const SERIES = { stream: 'sim:BTC/USDT:1h', timeframe: '1d', calendar: 'always' } as const;
/** Learned after every bar had closed: no reader of the past may see it. */
const LEARNED_MS = START_MS + (DAYS + 10) * DAY_MS;

let rig: CuratedRig;
let all: PriceBar[];
before(async () => {
  rig = await createCuratedRig();
  for (let day = 0; day < DAYS; day += 30) await rig.keep(days(day, 30));
  const asOfMs = START_MS + DAYS * DAY_MS;
  all = (await rig.reader.bars(SERIES, { asOfMs, limit: 10_000 })).map(toPriceBar);
  assert.equal(all.length, DAYS);
  for (const day of [3, 40, 41, 99])
    await rig.keep(
      days(day, 1).map((bar) => ({ ...bar, close: '1', low: '1', revision: 1, knownMs: LEARNED_MS })),
    );
});
after(() => rig.close());

function days(from: number, count: number): StoredBar[] {
  return Array.from({ length: count }, (_, index) => {
    const day = from + index;
    const close = 100 + 10 * Math.sin(day / 7) + ((day * 7_919) % 13);
    return {
      openMs: START_MS + day * DAY_MS,
      open: (close - 1.25).toFixed(4),
      high: (close + 2.5).toFixed(4),
      low: (close - 3.75).toFixed(4),
      close: close.toFixed(4),
      volume: String(1_000 + ((day * 104_729) % 977)),
      source: 'sim',
      knownMs: START_MS,
      revision: 0,
    };
  });
}

/** The bits of the value at a bar, so that NaN is equal to itself and 0 is not equal to -0. */
function bitsAt(columns: readonly Column[], index: number): string[] {
  return columns.map((column) => Buffer.from(Float64Array.of(column[index]!).buffer).toString('hex'));
}

for (const [name, feature] of Object.entries(FEATURES))
  test(`${name} at a bar does not depend on what came later`, async () => {
    const whole = feature(all);
    assert.ok(
      whole.some((column) => Number.isFinite(column[DAYS - 1]!)),
      'there is something to compare',
    );
    for (let t = 0; t < DAYS; t += 7) {
      const asOfMs = closeMs(all[t]!.openMs, '1d', 'always');
      const seen = (await rig.reader.bars(SERIES, { asOfMs, limit: 10_000 })).map(toPriceBar);
      assert.equal(seen.at(-1)?.openMs, all[t]!.openMs);
      assert.deepEqual(bitsAt(feature(seen), t), bitsAt(whole, t), `at bar ${t}`);
    }
  });

test('a reader a moment earlier does not get the bar', async () => {
  const asOfMs = closeMs(all[50]!.openMs, '1d', 'always') - 1;
  const seen = await rig.reader.bars(SERIES, { asOfMs, limit: 10_000 });
  assert.equal(seen.at(-1)?.openMs, all[49]!.openMs);
});

test('once it is learned, the restated bar is what a reader gets', async () => {
  const seen = await rig.reader.bars(SERIES, { asOfMs: LEARNED_MS, limit: 10_000 });
  assert.equal(seen[40]?.close, '1');
});
