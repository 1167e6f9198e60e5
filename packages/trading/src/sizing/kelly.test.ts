import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_SIZING, kellyFraction, KELLY_START, updateKelly } from './index.ts';

const FULL = { ...DEFAULT_SIZING, kellyShare: 1, tradesMin: 1, priorTrades: 0 };

/** So many wins and losses of these sizes, taking turns as long as there are both. */
function trades(wins: number, win: number, losses: number, loss: number): number[] {
  return [...Array<number>(wins).fill(win), ...Array<number>(losses).fill(-loss)];
}

function assertClose(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

test("a bet that loses all of it gets Kelly's own fraction: the edge over the odds", () => {
  assertClose(kellyFraction(trades(6, 1, 4, 1), FULL), 0.6 - 0.4);
  assertClose(kellyFraction(trades(5, 2, 5, 1), FULL), (2 * 0.5 - 0.5) / 2);
});

test("a bet that loses a part of it gets Thorp's: p/a - q/b", () => {
  assertClose(kellyFraction(trades(50, 0.02, 50, 0.015), FULL), 0.5 / 0.015 - 0.5 / 0.02);
});

test('the prior pulls the win rate towards the one at which nothing is earned', () => {
  const [wins, losses, win, loss, prior] = [50, 50, 0.02, 0.015, 25];
  const evenRate = loss / (loss + win);
  const rate = (wins + prior * evenRate) / (wins + losses + prior);
  assertClose(
    kellyFraction(trades(wins, win, losses, loss), { ...FULL, priorTrades: prior }),
    rate / loss - (1 - rate) / win,
  );
});

test('the share is taken of it: a quarter by default', () => {
  const record = trades(50, 0.02, 50, 0.0199);
  const policy = { ...FULL, kellyShare: 0.25 };
  assertClose(kellyFraction(record, policy), kellyFraction(record, FULL)! / 4);
  assert.equal(DEFAULT_SIZING.kellyShare, 0.25);
});

test('too few trades say nothing, trades without an edge say nothing is to be bet', () => {
  const policy = { ...FULL, tradesMin: 30 };
  assert.equal(kellyFraction(trades(29, 0.01, 0, 1), policy), null);
  assert.equal(kellyFraction(trades(15, 0.01, 15, 0.01), policy), 0);
  assert.equal(kellyFraction(trades(0, 1, 30, 0.01), policy), 0);
  assert.equal(kellyFraction(Array<number>(30).fill(0), policy), 0);
  assert.equal(kellyFraction(trades(30, 1, 30, 0.5), { ...policy, kellyShare: null }), null);
});

test('a record without a loss is bet on as if all could be lost', () => {
  assertClose(kellyFraction(trades(30, 0.001, 0, 1), FULL), 1);
  assertClose(kellyFraction(trades(30, 0.001, 0, 1), { ...FULL, priorTrades: 30 }), 0.5);
});

test('a trade that earned nothing changes nothing but the count', () => {
  const record = trades(6, 1, 4, 1);
  assert.equal(kellyFraction([0, ...record, 0], FULL), kellyFraction(record, FULL));
  assert.equal(kellyFraction([0, ...record], { ...FULL, tradesMin: 11 }), kellyFraction(record, FULL));
});

test('only the newest trades count', () => {
  const policy = { ...FULL, tradesMin: 5, tradesMax: 10 };
  const newest = trades(6, 1, 4, 1);
  assert.equal(kellyFraction([...trades(0, 1, 100, 1), ...newest], policy), kellyFraction(newest, policy));
});

const reward = fc
  .double({ min: -1, max: 2, noNaN: true })
  .map((value) => (Math.round(value * 1e4) || 0) / 1e4);

test('it is above zero just where the mean reward is, and never below', () => {
  fc.assert(
    fc.property(
      fc.array(reward, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 50 }),
      (rewards, priorTrades) => {
        const fraction = kellyFraction(rewards, { ...FULL, priorTrades });
        const units = rewards.reduce((sum, each) => sum + Math.round(each * 1e4), 0);
        assert.ok(fraction !== null && fraction >= 0);
        if (units <= 0) assert.ok(fraction < 1e-9, `${fraction}`);
        else assert.ok(fraction > 0);
      },
    ),
  );
});

test('a stronger prior never bets more, and the order of trades does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(reward, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 50 }),
      (rewards, priorTrades) => {
        const fraction = kellyFraction(rewards, { ...FULL, priorTrades })!;
        assert.ok(kellyFraction(rewards, { ...FULL, priorTrades: priorTrades + 1 })! <= fraction);
        const reversed = kellyFraction(rewards.toReversed(), { ...FULL, priorTrades })!;
        assert.ok(Math.abs(reversed - fraction) <= 1e-9 * Math.max(1, fraction));
      },
    ),
  );
});

test('it is computed at the least number of trades and after every so many from there', () => {
  const policy = { ...FULL, tradesMin: 3, updateEveryTrades: 4 };
  let state = KELLY_START;
  const computedAt: number[] = [];
  for (let trade = 1; trade <= 12; trade++) {
    const before = state.fraction;
    state = updateKelly(state, [trade === 1 ? -0.1 : trade / 10], policy);
    if (state.fraction !== before) computedAt.push(trade);
  }
  assert.deepEqual(computedAt, [3, 7, 11]);
  assert.equal(state.trades, 12);
});

test('it does not matter in how many calls trades are told, nor whether the state was stored', () => {
  const policy = { ...FULL, tradesMin: 5, updateEveryTrades: 3, tradesMax: 12, priorTrades: 4 };
  fc.assert(
    fc.property(fc.array(reward, { maxLength: 40 }), fc.nat(40), (rewards, cut) => {
      const whole = updateKelly(KELLY_START, rewards, policy);
      const first: unknown = JSON.parse(
        JSON.stringify(updateKelly(KELLY_START, rewards.slice(0, cut), policy)),
      );
      assert.deepEqual(updateKelly(first as typeof KELLY_START, rewards.slice(cut), policy), whole);
      assert.ok(whole.rewards.length <= policy.tradesMax);
    }),
  );
});
