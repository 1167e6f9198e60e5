import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOn, heldAt, legOf, reasonOf, seriesOf, wholeView } from './bars.fixture.ts';
import { SHORT_PARAMS } from './params.fixture.ts';
import type { Holding, LegRules, StrategyParams } from './strategy.ts';
import { vwapParticipation } from './vwap-participation.ts';

const BAR_MS = 6 * 3_600_000;
const PARAMS = { ...SHORT_PARAMS.vwap_participation, slice_s: 6 * 3_600 };
/** Five days of four bars, at 100, with a volume of 10, 20, 30 and 40 through the day. */
const BARS = wholeView(
  seriesOf(
    Array.from({ length: 20 }, () => 100),
    Array.from({ length: 20 }, (_, index) => 10 * (1 + (index % 4))),
    BAR_MS,
  ),
);

interface Case {
  readonly position?: Holding;
  readonly params?: StrategyParams;
  readonly bars?: typeof BARS;
  readonly equity?: number | null;
  readonly rules?: LegRules;
}
const decide = ({ position, params, bars = BARS, equity = 1_000, rules }: Case = {}) =>
  decideOn(vwapParticipation, { ...PARAMS, ...params }, [legOf(bars, position, rules)], {
    equity,
    barMs: BAR_MS,
  });

const round = (value: number) => Number(value.toFixed(9));

/** Side, quantity and price of the slice. */
function slice(terms: Case = {}) {
  const signal = decide(terms);
  assert.ok('wishes' in signal, reasonOf(signal));
  const [wish] = signal.wishes;
  assert.ok(wish?.kind === 'quote' && wish.quotes.length === 1, signal.reason);
  const { side, price, equityFraction } = wish.quotes[0]!;
  return { side, quantity: round((equityFraction * 1_000) / price), price: round(price), signal };
}

test('a slice is its share of the volume that past days had at this time of the day', () => {
  const { side, quantity, price, signal } = slice(); // the first bar of the next day: 10 of volume
  assert.deepEqual({ side, quantity, price }, { side: 'buy', quantity: 1, price: 100.1 });
  assert.equal(signal.direction, 1);
  assert.equal(signal.confidence, 0.5);
  assert.equal(signal.strength, 0.5); // half of the most that a slice may be
  assert.equal(signal.holdingBars, 5); // 5 units to go
  const afternoon = wholeView(
    seriesOf(
      Array.from({ length: 22 }, () => 100),
      [...Array(22).keys()].map((index) => 10 * (1 + (index % 4))),
      BAR_MS,
    ),
  );
  assert.equal(slice({ bars: afternoon }).quantity, 3); // the third of the day: 30
});

test('a longer slice covers the bars in it, and waits for its end', () => {
  assert.equal(slice({ params: { slice_s: 12 * 3_600 } }).quantity, 3); // 10 and 20
  const noon = wholeView(
    seriesOf(
      Array.from({ length: 21 }, () => 100),
      [],
      BAR_MS,
    ),
  );
  assert.equal(reasonOf(decide({ bars: noon, params: { slice_s: 12 * 3_600 } })), 'hold slice_working');
});

test('it catches up with what it missed since it began, up to the highest rate', () => {
  const position = heldAt(100, { entryMs: 18 * BAR_MS, quantity: 0.5 }); // 30 and 40 traded since: 7 were due
  assert.equal(slice({ position, params: { catch_up_rate: 0.1 } }).quantity, 1.65);
  assert.equal(slice({ position, params: { catch_up_rate: 0 } }).quantity, 1);
  assert.equal(slice({ position }).quantity, 2); // a fifth of 10
});

test('it never asks for more than is left, and is done when that is nothing', () => {
  assert.equal(slice({ position: heldAt(100, { quantity: 4.6 }) }).quantity, 0.4);
  const done = decide({ position: heldAt(100, { quantity: 5 }) });
  assert.equal(reasonOf(done), 'parent_done');
  assert.ok('wishes' in done);
  assert.deepEqual(done.wishes, [{ kind: 'quote', leg: 0, quotes: [] }]);
});

test('it is done when no order is small enough for the rest', () => {
  const rules = { lotSize: 1, notionalMin: 0 };
  const equity = 1_090; // half of it is 5.45 lots
  assert.equal(reasonOf(decide({ position: heldAt(100, { quantity: 4 }), equity, rules })), 'slice');
  assert.equal(reasonOf(decide({ position: heldAt(100, { quantity: 5 }), equity, rules })), 'parent_done');
  const dear = { lotSize: 0.01, notionalMin: 50 };
  assert.equal(
    reasonOf(decide({ position: heldAt(100, { quantity: 5 }), equity, rules: dear })),
    'parent_done',
  );
});

test('shares of the volume that are less than an order add up until one is due', () => {
  const rules = { lotSize: 2, notionalMin: 0 };
  assert.equal(slice({ rules }).quantity, 3); // one lot and the half that rounding down takes
  const ahead = heldAt(100, { entryMs: 19 * BAR_MS, quantity: 4.4 }); // 40 traded since: 4 were due
  assert.equal(slice({ position: ahead, rules: { lotSize: 0.5, notionalMin: 0 } }).quantity, 0.75);
  const early = decide({ position: { ...ahead, quantity: 2.5 }, params: { target_fraction: 1 }, rules });
  assert.equal('wishes' in early && early.strength, 1); // behind: a lot, the most that may be
});

test('the price that bounds the limit forgets what was paid long ago', () => {
  const risen = wholeView(
    seriesOf([...Array.from({ length: 16 }, () => 100), 110, 110, 110, 110], [], BAR_MS),
  );
  const position = heldAt(100, { entryMs: 0, quantity: 0.01 });
  const bounded = (bars: number) => slice({ bars: risen, position, params: { benchmark_bars: bars } }).price;
  assert.equal(bounded(4), 110.11);
  assert.equal(bounded(16), round(102.5 * 1.001));
});

test('a price that moves does not move the goal', () => {
  // 5 bought at 80 of an equity of 900 that is now 1000: half of it was 450, which is 5.625 at 80.
  const position = heldAt(80, { quantity: 5 });
  assert.equal(slice({ position }).quantity, 0.625);
});

test('the limit leans by urgency, and is never further beyond the volume-weighted price than the offset', () => {
  assert.equal(slice({ params: { urgency: 0 } }).price, 99.9);
  assert.equal(slice({ params: { urgency: 0.5 } }).price, 100);
  const risen = wholeView(seriesOf([...Array.from({ length: 19 }, () => 100), 110], [], BAR_MS));
  const since = heldAt(100, { entryMs: 18 * BAR_MS, quantity: 0.01 }); // paid on average at 105 of volume
  assert.equal(slice({ bars: risen, position: since }).price, 105.105);
});

test('it sells where it is told to', () => {
  const { side, quantity, price, signal } = slice({ params: { sell: 1 } });
  assert.deepEqual({ side, quantity, price }, { side: 'sell', quantity: 1, price: 99.9 });
  assert.equal(signal.direction, -1);
  assert.equal(slice({ params: { sell: 1 }, position: heldAt(100, { quantity: -4.6 }) }).quantity, 0.4);
});

test('without equity, or a volume to expect, nothing is worked', () => {
  assert.equal(reasonOf(decide({ equity: null })), 'equity_unknown');
  assert.equal(reasonOf(decide({ equity: 0 })), 'equity_unknown');
  const quiet = wholeView(
    seriesOf(
      Array.from({ length: 20 }, () => 100),
      Array.from({ length: 20 }, () => 0),
      BAR_MS,
    ),
  );
  assert.equal(reasonOf(decide({ bars: quiet })), 'no_volume_expected');
});
