import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal, decimalText } from '../../decimal.ts';
import { fillCosts } from '../../fills/index.ts';
import { sum } from '../../portfolio/index.ts';
import type { DayFill } from './day-fill.ts';
import { splitDay, type DayBooks, type DayResults } from './split-day.ts';

const SLOTS = ['one', 'two'] as const;
const STREAMS = ['a', 'b'] as const;

const amount = (max: number) =>
  fc.integer({ min: 1, max }).map((value) => decimalText(new Decimal(value).div(1_000)));
const marks = fc.tuple(amount(500_000), amount(500_000)).map(
  ([a, b]): ReadonlyMap<string, string> =>
    new Map([
      ['a', a],
      ['b', b],
    ]),
);
const fill: fc.Arbitrary<DayFill> = fc
  .record({
    order: fc.integer({ min: 0, max: 5 }),
    protection: fc.constantFrom(null, 'stop' as const, 'target' as const),
    quantity: amount(50_000),
    price: amount(500_000),
    fee: amount(5_000),
    feeTakenIn: fc.constantFrom('quote' as const, 'base' as const),
    liquidity: fc.constantFrom('maker' as const, 'taker' as const, undefined),
    bar: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ order, bar, liquidity, ...rest }) => ({
    ...rest,
    decisionId: `order ${order}`,
    slot: SLOTS[order % 2]!,
    stream: STREAMS[Math.floor(order / 2) % 2]!,
    side: order < 3 ? 'buy' : 'sell',
    barOpenMs: bar,
    ...(liquidity && { liquidity }),
  }));
const fills = fc.array(fill, { maxLength: 12 });
const books: fc.Arbitrary<DayBooks> = fc.record({ fills, marks });
const costs = fc
  .record({
    maker: fc.integer({ min: 0, max: 50 }),
    taker: fc.integer({ min: 0, max: 50 }),
    in: fc.constantFrom('quote' as const, 'base' as const),
  })
  .map(({ maker, taker, in: taken_in }) =>
    fillCosts({
      fees: { maker_bps: maker, taker_bps: taker, taken_in },
      spread: { type: 'bps', bps: 0 },
      slippage: { type: 'fixed', bps: 0 },
      latency_ms: 0,
      participation_max: null,
    }),
  );
const held = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })).map(([one, two]) => [
  { slot: 'one', stream: 'a', quantity: String(one) },
  { slot: 'two', stream: 'b', quantity: String(two) },
]);
const day: fc.Arbitrary<DayResults> = fc.record({
  slots: fc.constant(SLOTS),
  held,
  costs,
  live: books,
  filled: fills,
  told: books,
  atEnd: books,
  now: books,
});

test('whatever happened, the parts come to the whole, to the last digit', () => {
  fc.assert(
    fc.property(day, (given) => {
      for (const { data, timing, fill: filled, fee, decision, difference, live, shadow } of splitDay(given)) {
        assert.equal(sum(data, timing, filled, fee, decision), difference);
        assert.equal(decimalText(new Decimal(live).minus(shadow)), difference);
      }
    }),
    { numRuns: 400 },
  );
});

test('where both did the same, every part is nothing', () => {
  fc.assert(
    fc.property(day, ({ live, ...given }) => {
      const same = { ...given, live, filled: live.fills, told: live, atEnd: live, now: live };
      for (const { data, timing, fill: filled, fee, decision, late, difference } of splitDay(same))
        assert.deepEqual([data, timing, filled, fee, decision, late, difference], Array(7).fill('0'));
    }),
  );
});

test('what another fee, another mark or other fills of the backtest change is that part alone', () => {
  fc.assert(
    fc.property(day, amount(9_000), ({ live, now, ...given }, more) => {
      const same = { ...given, live, filled: live.fills, told: live, atEnd: live, now: live };
      const dear = live.fills.map((each) => ({ ...each, fee: sum(each.fee, more) }));
      for (const parts of splitDay({ ...same, live: { ...live, fills: dear } })) {
        assert.equal(parts.fee, parts.difference);
        assert.ok(new Decimal(parts.fee).lte(0));
      }
      for (const parts of splitDay({ ...same, now })) assert.equal(parts.data, parts.difference);
      for (const parts of splitDay({ ...same, told: now, atEnd: now, now }))
        assert.equal(parts.decision, parts.difference);
      const later = live.fills.map((each) => ({ ...each, barOpenMs: each.barOpenMs + 10 }));
      for (const parts of splitDay({ ...same, filled: later })) assert.equal(parts.fill, '0');
    }),
  );
});

test('what was traded and has no mark is refused', () => {
  const nothing = { fills: [], marks: new Map() };
  const given = { slots: ['one'], held: [{ slot: 'one', stream: 'a', quantity: '1' }], costs: {} as never };
  assert.throws(
    () => splitDay({ ...given, live: nothing, filled: [], told: nothing, atEnd: nothing, now: nothing }),
    /no bar to mark/,
  );
});
