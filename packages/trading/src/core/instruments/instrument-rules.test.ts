import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Decimal } from '../../decimal.ts';
import {
  instrumentRules,
  meetsMinimum,
  priceOnTick,
  quantityOnLot,
  rulesAt,
  type InstrumentRules,
} from './instrument-rules.ts';

const RULES: InstrumentRules = { fromMs: 0, lotSize: '0.001', tickSize: '0.01', notionalMin: '5' };

test('the rules of a time are the last that began by then, in whatever order they are listed', () => {
  const early = { ...RULES, fromMs: 100 };
  const late = { ...RULES, fromMs: 200, lotSize: '1' };
  for (const rules of [
    [early, late],
    [late, early],
  ]) {
    assert.equal(rulesAt(rules, 99), undefined);
    assert.equal(rulesAt(rules, 100), early);
    assert.equal(rulesAt(rules, 199), early);
    assert.equal(rulesAt(rules, 200), late);
  }
  assert.equal(rulesAt([], 100), undefined);
});

test('rules come over the wire in its own spelling', () => {
  const wire = { from_ms: 7, lot_size: '0.1', tick_size: '0.5', notional_min: '10' };
  assert.deepEqual(instrumentRules([wire]), [
    { fromMs: 7, lotSize: '0.1', tickSize: '0.5', notionalMin: '10' },
  ]);
});

test('a quantity goes down to whole lots, and below one lot to nothing', () => {
  assert.equal(quantityOnLot('1.2349', RULES), '1.234');
  assert.equal(quantityOnLot('1.234', RULES), '1.234');
  assert.equal(quantityOnLot('0.000999999999', RULES), null);
  assert.equal(quantityOnLot('0', RULES), null);
  assert.equal(quantityOnLot('25', { ...RULES, lotSize: '10' }), '20');
});

test('a price goes to the tick in favour of the order, or against it', () => {
  assert.equal(priceOnTick(100.005, 'buy', 'in_favour', RULES), '100');
  assert.equal(priceOnTick(100.005, 'buy', 'against', RULES), '100.01');
  assert.equal(priceOnTick(100.005, 'sell', 'in_favour', RULES), '100.01');
  assert.equal(priceOnTick(100.005, 'sell', 'against', RULES), '100');
  for (const side of ['buy', 'sell'] as const)
    for (const rounding of ['in_favour', 'against'] as const)
      assert.equal(priceOnTick(100.01, side, rounding, RULES), '100.01');
});

test('the noise behind a float does not push a price to the next tick, and text is exact', () => {
  assert.equal(priceOnTick(0.1 + 0.2, 'sell', 'in_favour', { ...RULES, tickSize: '0.1' }), '0.3');
  assert.equal(priceOnTick('0.300000000001', 'sell', 'in_favour', { ...RULES, tickSize: '0.1' }), '0.4');
  assert.equal(priceOnTick(1.5e-7, 'buy', 'in_favour', { ...RULES, tickSize: '0.00000001' }), '0.00000015');
});

test('what is no price above zero on the tick is none', () => {
  assert.equal(priceOnTick(0.009, 'buy', 'in_favour', RULES), null);
  assert.equal(priceOnTick(0.009, 'buy', 'against', RULES), '0.01');
  for (const price of [0, -1, NaN, Infinity])
    assert.equal(priceOnTick(price, 'sell', 'in_favour', RULES), null);
});

test('rounding moves by less than a lot or a tick, and rounding again changes nothing', () => {
  const step = fc.constantFrom('0.00000001', '0.0005', '0.01', '0.25', '1', '7');
  const amount = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.integer({ min: 0, max: 12 }))
    .map(([units, places]) => new Decimal(units.toString()).div(new Decimal(10).pow(places)).toFixed());
  fc.assert(
    fc.property(amount, step, fc.constantFrom('buy', 'sell'), (text, size, side) => {
      const rules = { ...RULES, lotSize: size, tickSize: size };
      const quantity = quantityOnLot(text, rules);
      const left = new Decimal(text).minus(quantity ?? 0);
      assert.ok(left.gte(0) && left.lt(size), `${text} ${size} left ${left.toFixed()}`);
      if (quantity !== null) assert.equal(quantityOnLot(quantity, rules), quantity);
      for (const rounding of ['in_favour', 'against'] as const) {
        const price = priceOnTick(text, side, rounding, rules);
        const moved = new Decimal(price ?? 0).minus(text);
        assert.ok(moved.abs().lt(size));
        const isDown = (side === 'buy') === (rounding === 'in_favour');
        assert.ok(isDown ? moved.lte(0) : moved.gte(0));
        if (price !== null) assert.equal(priceOnTick(price, side, rounding, rules), price);
      }
    }),
  );
});

test('the minimum counts to the last digit', () => {
  assert.equal(meetsMinimum('0.05', '100', RULES), true);
  assert.equal(meetsMinimum('0.05', '99.999999999999', RULES), false);
  assert.equal(meetsMinimum('0.05', '0.01', { ...RULES, notionalMin: '0' }), true);
});

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';

test("real venues' lots, ticks and minimums are kept exactly", { skip }, () => {
  const file = join(dataDir!, 'fixtures/lean/symbol-properties-database.csv.gz');
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split(/\r?\n/);
  const rows = lines.map((line) => line.split(',')).filter(([, , type]) => type === 'crypto');
  assert.ok(rows.length > 1_000, `${rows.length} rows`);
  let ordered = 0;
  for (const row of rows) {
    const [tickSize, lotSize] = [6, 7].map((column) => new Decimal(row[column]!).toFixed()) as [
      string,
      string,
    ];
    const rules = { ...RULES, tickSize, lotSize, notionalMin: '0' };
    const quantity = quantityOnLot('12345.678901234567', rules);
    const price = priceOnTick('12345.678901234567', 'buy', 'in_favour', rules);
    if (quantity === null || price === null) continue;
    ordered++;
    assert.ok(new Decimal(quantity).mod(lotSize).isZero(), row.join());
    assert.ok(new Decimal(price).mod(tickSize).isZero(), row.join());
  }
  assert.ok(ordered > 1_000, `${ordered} could be ordered`);
  const bitcoin = rows.find(([market, symbol]) => market === 'binance' && symbol === 'BTCUSDT')!;
  const rules = { fromMs: 0, lotSize: bitcoin[7]!, tickSize: bitcoin[6]!, notionalMin: bitcoin[9]! };
  assert.deepEqual(rules, { fromMs: 0, lotSize: '0.00001', tickSize: '0.01', notionalMin: '5' });
  assert.equal(quantityOnLot('0.123456789', rules), '0.12345');
  assert.equal(meetsMinimum('0.00005', '99999.99', rules), false);
});
