import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BarCursor, BarSeries } from '../../bars/index.ts';
import { DEFAULT_SIZING } from '../../sizing/index.ts';
import { DEFAULT_SELECTION } from '../../selection/index.ts';
import { Desk, enter, HOLD, oneSlot, PARAMS, scripted, signal } from '../desk.fixture.ts';
import { createCore, type CoreSetup } from '../index.ts';

/** Looks at three bars and at what it holds; enters with a bracket, or by a limit order. */
const strategy = scripted(
  ({ legs: [{ bars, position }] }) => {
    const rose = bars.close(0) - bars.close(2);
    if (position)
      return position.barsHeld >= 2 && rose < 0
        ? signal('fell', { kind: 'exit', leg: 0, style: { type: 'market' } })
        : HOLD;
    if (rose > 2) return signal('rose', enter({ protection: { stopPrice: bars.close(0) * 0.97 } }));
    if (rose > 0) return signal('rose', enter({ style: { type: 'limit', limitPrice: bars.close(0) - 0.5 } }));
    return HOLD;
  },
  { lookbackBars: () => 3 },
);

const setup: CoreSetup = {
  ...oneSlot(strategy),
  sizing: {
    ...DEFAULT_SIZING,
    tradesMin: 2,
    updateEveryTrades: 1,
    volatilityTarget: 5,
    volatilityBars: 2,
    drawdownCut: { from: 0.001, to: 0.9 },
  },
  selection: { ...DEFAULT_SELECTION, intervalMs: 3_600_000 },
};

/** Runs a course of prices; at the given bars another core takes over, before and after it decides. */
function linesOf(prices: readonly number[], resumed: (bar: number) => boolean): readonly string[] {
  const desk = new Desk(setup, { ...PARAMS, source: 'chosen' });
  const waiting = new Map<string, readonly (null | 'stop')[]>();
  for (const [index, price] of prices.entries()) {
    desk.show(price);
    if (resumed(index)) desk.resume();
    for (const { params } of desk.core.questions(desk.atMs))
      if (params) desk.tell({ type: 'params', slot: 'slot', params: PARAMS, missing: null });
    const { orders, cancels } = desk.close()[0]!;
    if (resumed(index)) desk.resume();
    for (const decisionId of cancels) {
      for (const protection of waiting.get(decisionId) ?? [])
        desk.tell({ type: 'order', decisionId, protection, status: 'CANCELLED', reason: null });
      waiting.delete(decisionId);
    }
    for (const order of orders) {
      const isPart = index % 3 === 0 && Number(order.quantity) > 0.5;
      const quantity = isPart ? '0.5' : order.quantity;
      desk.fill(order, order.limitPrice ?? price.toFixed(2), { fillId: `${index}`, quantity });
      waiting.set(order.decisionId, [
        ...(isPart ? [null] : []),
        ...(order.protection ? ['stop' as const] : []),
      ]);
    }
    if (resumed(index)) desk.resume();
  }
  return [...desk.lines, JSON.stringify(desk.core.books), JSON.stringify(desk.core.takeTrades())];
}

const never = () => false;

const anyPrices = fc.array(fc.integer({ min: 9_000, max: 11_000 }), { minLength: 5, maxLength: 60 });

test('a core that goes on from a snapshot, at any event, says what the first one would have said', () => {
  fc.assert(
    fc.property(anyPrices, fc.array(fc.nat(60), { maxLength: 20 }), (cents, at) => {
      const prices = cents.map((each) => each / 100);
      assert.deepEqual(
        linesOf(prices, (bar) => at.includes(bar)),
        linesOf(prices, never),
      );
    }),
    { numRuns: 60 },
  );
});

test('the same events make the same lines, byte by byte', () => {
  const prices = [100, 101, 104, 105, 103, 99, 98, 101, 105, 106, 104, 101, 99];
  assert.deepEqual(linesOf(prices, never), linesOf(prices, never));
  assert.ok(linesOf(prices, never).some((line) => line.includes('"reasons":["rose"]')));
  assert.notEqual(linesOf(prices, never).at(-1), '[]');
});

test('a snapshot of another setup, of other bars, or of nothing known is refused', () => {
  const desk = new Desk(setup);
  desk.bar(100);
  const snapshot = desk.core.snapshot() as object;
  const other: CoreSetup = { ...setup, startCash: '2000' };
  const cursors = desk.cursors;
  const empty = new Map([...cursors.keys()].map((id) => [id, new BarCursor(new BarSeries())]));
  assert.throws(() => createCore(other, cursors, snapshot), /another setup/);
  assert.throws(() => createCore(setup, empty, snapshot), RangeError);
  assert.throws(() => createCore(setup, cursors, { ...snapshot, seq: 'many' }), RangeError);
  assert.throws(() => createCore(setup, cursors, { ...snapshot, version: 0 }), RangeError);
  assert.equal(createCore(setup, cursors, snapshot).questions(0).length, 0);
});

test('a snapshot is JSON, and nothing that happens later changes it', () => {
  const desk = new Desk(setup);
  const snapshot = desk.core.snapshot();
  const text = JSON.stringify(snapshot);
  assert.deepEqual(JSON.parse(text), snapshot);
  for (const price of [100, 101, 104, 105]) desk.bar(price);
  assert.equal(JSON.stringify(snapshot), text);
});
