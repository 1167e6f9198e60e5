import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rollbackTargets, type ChampionStep } from './rollback-targets.ts';

const promoted = (model_id: string): ChampionStep => ({ change: 'promoted', model_id });
const back = (model_id: string): ChampionStep => ({ change: 'rolled_back', model_id });
const demoted: ChampionStep = { change: 'demoted', model_id: null };
const targets = (...steps: ChampionStep[]) => rollbackTargets(steps, 10).join('');

test('a rollback goes to the model before, and a second one further back', () => {
  assert.equal(targets(), '');
  assert.equal(targets(promoted('a')), '');
  assert.equal(targets(promoted('a'), promoted('b'), promoted('c')), 'ba');
  assert.equal(targets(promoted('a'), promoted('b'), promoted('c'), back('b')), 'ac');
  assert.equal(targets(promoted('a'), promoted('b'), promoted('c'), back('b'), back('a')), 'bc');
});

test('what was left comes after what was before, also where a rollback left out a step', () => {
  assert.equal(targets(promoted('a'), promoted('b'), promoted('c'), back('a')), 'cb');
  assert.equal(targets(promoted('a'), promoted('b'), back('a'), promoted('c')), 'ab');
  // Back to one that was left: under it is what was there before.
  assert.equal(targets(promoted('a'), promoted('b'), promoted('c'), back('b'), back('c')), 'ab');
});

test('a demoted champion is not gone back to by itself, but can be', () => {
  assert.equal(targets(promoted('a'), promoted('b'), demoted), 'ab');
  assert.equal(targets(promoted('a'), promoted('b'), demoted, back('a')), 'b');
  assert.equal(targets(promoted('a'), promoted('b'), demoted, back('b')), 'a');
  assert.equal(targets(promoted('a'), demoted, promoted('b')), 'a');
  assert.equal(targets(promoted('a'), demoted), 'a');
});

test('a model that is promoted again stands where it is now, and is named once', () => {
  assert.equal(targets(promoted('a'), promoted('b'), promoted('a')), 'b');
  assert.equal(targets(promoted('a'), promoted('b'), back('a'), promoted('b')), 'a');
});

test('only the last ones are kept', () => {
  const steps = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(promoted);
  assert.deepEqual(rollbackTargets(steps, 3), ['f', 'e', 'd']);
});
