import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_SELECTION, selectionDue, selectSlots, type SlotStanding } from './index.ts';

const POLICY = { ...DEFAULT_SELECTION, priorTrades: 0, hysteresis: 0.01, regimeWeight: 0.1 };

function standing(slot: string, change: Partial<SlotStanding> = {}): SlotStanding {
  return { slot, instrument: 'BTC/USDT', enabled: false, rewards: [0], fit: 0, ...change };
}

/** Every slot with its first reason, those that may enter in upper case. */
function outcome(standings: readonly SlotStanding[], policy = POLICY): string[] {
  return selectSlots(policy, standings).map(
    ({ slot, enabled, reasons }) => `${enabled ? slot.toUpperCase() : slot} ${reasons[0]}`,
  );
}

test('the best record wins, and the others are told by whom they were beaten', () => {
  const slots = [
    standing('a', { rewards: [0.01] }),
    standing('b', { rewards: [0.03] }),
    standing('c', { rewards: [0.02] }),
  ];
  assert.deepEqual(outcome(slots), ['a beaten_by b', 'B selected_by_performance', 'c beaten_by b']);
  assert.deepEqual(outcome(slots, { ...POLICY, enabledMax: 2 }), [
    'a beaten_by c',
    'B selected_by_performance',
    'C selected_by_performance',
  ]);
  assert.deepEqual(outcome(slots, { ...POLICY, enabledMax: 3 }), [
    'A uncontested',
    'B uncontested',
    'C uncontested',
  ]);
});

test('a regime that speaks for a slot makes up for its record, and is named as the reason', () => {
  const slots = [standing('a', { rewards: [0.02] }), standing('b', { rewards: [0.01], fit: 0.5 })];
  assert.deepEqual(outcome(slots), ['a beaten_by b', 'B selected_by_regime']);
});

test('the score is the mean reward of the newest trades, drawn to 0 by the prior, plus the weight of the regime', () => {
  const policy = { ...POLICY, recentTrades: 2, priorTrades: 2 };
  const [choice] = selectSlots(policy, [standing('a', { rewards: [9, 0.1, 0.3], fit: 0.5 })]);
  assert.ok(Math.abs(choice!.score - (0.4 / 4 + 0.05)) < 1e-12, `${choice!.score}`);
  const [none] = selectSlots(POLICY, [standing('a', { rewards: [] })]);
  assert.equal(none!.score, 0);
  const [unknown] = selectSlots(POLICY, [standing('a', { rewards: [0.2], fit: null })]);
  assert.equal(unknown!.score, 0.2);
});

test('an enabled slot stays until it is beaten by more than the hysteresis', () => {
  const held = standing('b', { enabled: true, rewards: [0] });
  assert.deepEqual(outcome([standing('a', { rewards: [0.01] }), held]), [
    'a beaten_by b',
    'B kept_by_hysteresis',
  ]);
  assert.deepEqual(outcome([standing('a', { rewards: [0.0101] }), held]), [
    'A selected_by_performance',
    'b beaten_by a',
  ]);
});

test('between equals the one that is enabled stays, and else the first of the setup', () => {
  const policy = { ...POLICY, hysteresis: 0 };
  assert.deepEqual(outcome([standing('a'), standing('b')], policy), [
    'A selected_by_performance',
    'b beaten_by a',
  ]);
  assert.deepEqual(outcome([standing('a'), standing('b'), standing('c', { enabled: true })], policy), [
    'a beaten_by c',
    'b beaten_by c',
    'C selected_by_performance',
  ]);
});

test('slots of other instruments do not compete', () => {
  const slots = [standing('a', { rewards: [0.01] }), standing('b', { instrument: 'ETH/USDT' })];
  assert.deepEqual(outcome(slots), ['A uncontested', 'B uncontested']);
});

test('what the score lacks is told', () => {
  const policy = { ...POLICY, priorTrades: 3 };
  const reasonsOf = (change: Partial<SlotStanding>) =>
    selectSlots(policy, [standing('a', change)])[0]!.reasons.slice(1);
  assert.deepEqual(reasonsOf({ rewards: [0, 0], fit: null }), ['too_few_trades', 'no_regime']);
  assert.deepEqual(reasonsOf({ rewards: [0, 0, 0] }), []);
});

test('a choice is due at the start and once in each interval since 1970', () => {
  const policy = { ...POLICY, intervalMs: 100 };
  assert.equal(selectionDue(policy, null, 5), true);
  assert.equal(selectionDue(policy, 105, 199), false);
  assert.equal(selectionDue(policy, 105, 200), true);
  assert.equal(selectionDue(policy, 199, 200), true);
  assert.equal(selectionDue(policy, 200, 299), false);
  assert.equal(selectionDue(policy, 105, 100), false);
  assert.equal(DEFAULT_SELECTION.intervalMs, 6 * 3_600_000);
});

const score = fc.integer({ min: -50, max: 50 }).map((units) => units / 1_000);
const anySlots = fc
  .array(fc.record({ score, enabled: fc.boolean(), instrument: fc.constantFrom('BTC/USDT', 'ETH/USDT') }), {
    maxLength: 12,
  })
  .map((slots) =>
    slots.map(({ score: reward, ...rest }, index) => standing(`s${index}`, { ...rest, rewards: [reward] })),
  );
const anyMax = fc.integer({ min: 1, max: 4 });

function enabledOf(policy: typeof POLICY, slots: readonly SlotStanding[]): string[] {
  return selectSlots(policy, slots)
    .filter(({ enabled }) => enabled)
    .map(({ slot }) => slot)
    .toSorted();
}

test('as many as there are and may be are chosen, of each instrument', () => {
  fc.assert(
    fc.property(anySlots, anyMax, (slots, enabledMax) => {
      const chosen = enabledOf({ ...POLICY, enabledMax }, slots);
      for (const instrument of ['BTC/USDT', 'ETH/USDT']) {
        const own = slots.filter((each) => each.instrument === instrument);
        const count = own.filter(({ slot }) => chosen.includes(slot)).length;
        assert.equal(count, Math.min(own.length, enabledMax));
      }
    }),
  );
});

test('the order of the setup matters between equals only', () => {
  fc.assert(
    fc.property(anySlots, anyMax, fc.nat(), (slots, enabledMax, turn) => {
      const policy = { ...POLICY, enabledMax };
      const distinct = slots.map((each, index) => ({ ...each, rewards: [each.rewards[0]! + index / 1e6] }));
      const from = turn % (distinct.length + 1);
      const turned = [...distinct.slice(from), ...distinct.slice(0, from)];
      assert.deepEqual(enabledOf(policy, turned), enabledOf(policy, distinct));
    }),
  );
});

test('scores that move by less than half of the hysteresis change no choice', () => {
  const moves = fc.array(fc.integer({ min: -49, max: 49 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(anySlots, anyMax, moves, (slots, enabledMax, moved) => {
      const policy = { ...POLICY, enabledMax };
      const chosen = enabledOf(
        policy,
        slots.map((each) => ({ ...each, enabled: false })),
      );
      const after = slots.map((each, index) => ({
        ...each,
        enabled: chosen.includes(each.slot),
        rewards: [each.rewards[0]! + (moved[index]! / 100) * policy.hysteresis],
      }));
      assert.deepEqual(enabledOf(policy, after), chosen);
    }),
  );
});
