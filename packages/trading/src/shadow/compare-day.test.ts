import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '@aistock/shared';
import type { CoreEvent, FillEvent } from '../core/index.ts';
import { Decimal, decimalText } from '../decimal.ts';
import { product, sum } from '../portfolio/index.ts';
import { compareDay, type DayComparison } from './compare-day.ts';
import { COSTS, DAY_MS, sessionDay, STREAMS } from './session-day.fixture.ts';
import type { DayClose, ShadowDay } from './shadow-day.ts';

const NOTHING = { data: '0', timing: '0', fill: '0', fee: '0', decision: '0', rest: '0' };
const SEED = 2;

const partsThatDiffer = ({ parts }: DayComparison): string[] =>
  Object.entries(parts).flatMap(([part, amount]) => (amount === '0' ? [] : [part]));

/** The same day with other events; its equity is left as it was, which only the rest looks at. */
function withEvents(day: ShadowDay, change: (event: CoreEvent, close: DayClose) => CoreEvent[]): ShadowDay {
  return {
    ...day,
    closes: day.closes.map((close) => ({
      ...close,
      events: close.events.flatMap((event) => change(event, close)),
    })),
  };
}

/** Changes the last fill of the day, with what it does to the equity that later lines tell. */
function withLastFill(day: ShadowDay, change: (fill: FillEvent) => FillEvent): ShadowDay {
  const all = day.closes.flatMap(({ events }) => events.filter((event) => event.type === 'fill'));
  const last = all.at(-1)!;
  return withEvents(day, (event) => [event === last ? change(last) : event]);
}

const feeOf = ({ price, quantity }: Pick<FillEvent, 'price' | 'quantity'>, share: string): string =>
  decimalText(new Decimal(price).times(quantity).times(share).toDecimalPlaces(12, Decimal.ROUND_UP));

function checkedSum(compared: DayComparison): void {
  assert.equal(sum(...Object.values(compared.parts)), compared.difference);
  assert.equal(
    decimalText(new Decimal(compared.equityEnd.live).minus(compared.equityEnd.shadow)),
    compared.difference,
  );
}

test('a paper day comes to the very same as a backtest, from whatever it began with', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const compared = compareDay(sessionDay(seed));
    assert.deepEqual(compared.parts, NOTHING, String(seed));
    assert.equal(compared.difference, '0');
    assert.deepEqual(compared.decisions.differences, []);
    assert.equal(compared.decisions.compared, 192);
    assert.ok(compared.fills.live > 5 && compared.fills.shadow === compared.fills.live);
    assert.notEqual(compared.equityEnd.live, compared.equityStart);
  }
});

test('a halt is an answer: the backtest heeds it as the session did', () => {
  const atMs = 2 * DAY_MS + 20 * 900_000;
  const halted = compareDay(sessionDay(SEED, { halt: { atMs, scope: 'firm' } }));
  assert.deepEqual(halted.parts, NOTHING);
  assert.deepEqual(halted.decisions.differences, []);
  assert.notEqual(halted.equityEnd.live, compareDay(sessionDay(SEED)).equityEnd.live);
});

test('a bar that was restated since is data; one that came too late is late data', () => {
  const day = sessionDay(SEED);
  const stream = STREAMS[0];
  const bars = day.known.now.get(stream)!;
  const restated = new Map(day.known.now).set(
    stream,
    bars.map((bar) =>
      bar.openMs >= 2 * DAY_MS
        ? { ...bar, close: product(bar.close, '0.999'), low: product(bar.low, '0.999') }
        : bar,
    ),
  );
  const now = compareDay({ ...day, known: { ...day.known, now: restated } });
  assert.deepEqual(partsThatDiffer(now), ['data']);
  assert.deepEqual(now.sameBars, { atEnd: true, now: false });
  assert.ok(now.slots.every(({ late }) => late === '0'));
  checkedSum(now);

  const late = compareDay({ ...day, known: { atEnd: restated, now: restated } });
  assert.deepEqual(partsThatDiffer(late), ['data']);
  assert.equal(sum(...late.slots.map((slot) => slot.late)), late.parts.data);
});

test('the state that the day begins with keeps its bars, however they were restated', () => {
  const day = sessionDay(SEED);
  const before = new Map(
    [...day.known.now].map(([id, bars]) => [
      id,
      bars.flatMap((bar) => (bar.openMs === 2 * DAY_MS - 900_000 ? [] : [{ ...bar, volume: '1' }])),
    ]),
  );
  const compared = compareDay({ ...day, known: { atEnd: before, now: before } });
  assert.equal(compared.sameBars.now, false);
  checkedSum(compared);
});

test('a worse price of the same order in the same bar is fill, and it costs what it costs', () => {
  const day = sessionDay(SEED);
  let worse = '0';
  const changed = withLastFill(day, (fill) => {
    const price = sum(fill.price, fill.side === 'buy' ? '0.1' : '-0.1');
    const share = fill.fee === feeOf(fill, '0.0005') ? '0.0005' : '0.0002';
    const fee = feeOf({ ...fill, price }, share);
    worse = sum(product('-0.1', fill.quantity), fill.fee, product('-1', fee));
    return { ...fill, price, fee };
  });
  const compared = compareDay(changed);
  assert.equal(compared.parts.fill, worse);
  assert.deepEqual(partsThatDiffer(compared), ['fill', 'rest']); // the lines tell of the equity of before
  assert.equal(compared.parts.rest, product('-1', worse));
  checkedSum(compared);
});

test('an account that is charged more pays it as fee, and nothing else', () => {
  const dear = { ...COSTS, fees: { ...COSTS.fees, taker_bps: 12, maker_bps: 9 } };
  const compared = compareDay(sessionDay(SEED, { costs: dear }));
  checkedSum(compared);
  const { fee, fill, timing, data, rest } = compared.parts;
  assert.ok(new Decimal(fee).lt(-10), fee);
  assert.deepEqual({ fill, timing, data, rest }, { fill: '0', timing: '0', data: '0', rest: '0' });
  // Sizes follow the equity that the fees have left, and quotes follow the sizes.
  assert.equal(compared.decisions.unexplained, 0);
});

test('a fill that came a bar later is timing', () => {
  const day = sessionDay(SEED);
  const fills = day.closes.flatMap(({ events }) => events.filter((event) => event.type === 'fill'));
  const taken = fills.find(({ atMs }) => atMs % 900_000 === 250)!; // after the latency: one that took
  const later = withEvents(day, (event) => [
    event === taken ? { ...taken, atMs: taken.atMs + 900_000 } : event,
  ]);
  const compared = compareDay(later);
  assert.deepEqual(partsThatDiffer(compared), []); // the price is the same
  const moved = compareDay(
    withEvents(day, (event) => [
      event === taken ? { ...taken, atMs: taken.atMs + 900_000, price: sum(taken.price, '0.5') } : event,
    ]),
  );
  assert.notEqual(moved.parts.timing, '0');
  assert.equal(moved.parts.fill, '0');
  assert.equal(moved.parts.decision, '0');
  checkedSum(moved);
});

test('a decision that is not what the core decides is decision, with both lines', () => {
  const day = sessionDay(SEED);
  const close = day.closes.findLast(({ lines }) => lines.some((line) => line.includes('"leg":"entry"')))!;
  const forged = close.lines.map((line) => {
    const read = JSON.parse(line) as { orders: object[] };
    return read.orders.length > 0 && line.includes('"leg":"entry"')
      ? canonicalJson({ ...read, orders: [], reasons: ['forged'] })
      : line;
  });
  const compared = compareDay({
    ...day,
    closes: day.closes.map((each) => (each === close ? { ...each, lines: forged } : each)),
  });
  assert.notEqual(compared.parts.decision, '0');
  checkedSum(compared);
  assert.deepEqual([compared.decisions.differing, compared.decisions.unexplained], [1, 1]);
  const [difference] = compared.decisions.differences;
  assert.deepEqual([difference!.slot, difference!.atMs], ['trend', close.closeMs]);
  assert.match(difference!.live!, /forged/);
  assert.match(difference!.shadow!, /"leg":"entry"/);
  assert.deepEqual(difference!.inputs, []);
});

test('other parameters than those that were told decide otherwise', () => {
  const day = withEvents(sessionDay(SEED), (event) =>
    event.type === 'params' && event.slot === 'trend' && event.params
      ? [{ ...event, params: { ...event.params, params: { ...event.params.params, slow_bars: 30 } } }]
      : [event],
  );
  const compared = compareDay(day);
  assert.ok(compared.decisions.bySlot.get('trend')!.unexplained > 0);
  assert.equal(compared.decisions.bySlot.get('maker')!.unexplained, 0);
  assert.ok(compared.decisions.differences[0]!.inputs.includes('params'));
  checkedSum(compared);
});

test('closes that the session passed over are decisions that it did not make', () => {
  const day = sessionDay(SEED);
  const closes = day.closes.flatMap((close, index): DayClose[] => {
    if (index === 10) return [];
    if (index !== 11) return [close];
    return [
      { ...close, events: [...day.closes[10]!.events.filter(({ type }) => type === 'bar'), ...close.events] },
    ];
  });
  const compared = compareDay({ ...day, closes });
  const missing = compared.decisions.differences.filter(({ live }) => live === null);
  assert.deepEqual(
    missing.map(({ atMs }) => atMs),
    [day.closes[10]!.closeMs, day.closes[10]!.closeMs],
  );
  checkedSum(compared);
});

test('equity that no fill explains is told as rest', () => {
  const day = sessionDay(SEED);
  const richer = day.closes.at(-1)!.lines.map((line) => {
    const read = JSON.parse(line) as { equity: string };
    return canonicalJson({ ...read, equity: sum(read.equity, '12.5') });
  });
  const compared = compareDay({
    ...day,
    closes: day.closes.map((each, index) => (index === 95 ? { ...each, lines: richer } : each)),
  });
  assert.deepEqual(compared.parts, { ...NOTHING, rest: '12.5' });
  assert.equal(compared.difference, '12.5');
});

test('a day without a decision that knew its equity is refused', () => {
  const day = sessionDay(SEED);
  const closes = day.closes.map((close) => ({ ...close, lines: [] }));
  assert.throws(() => compareDay({ ...day, closes }), RangeError);
});
