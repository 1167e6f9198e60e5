import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseStages, UnknownStageError } from './stages.ts';

test('a plain run does everything but what needs a container engine', () => {
  assert.deepEqual(
    chooseStages([]).map((stage) => stage.name),
    ['format', 'lint', 'types', 'dead', 'unit', 'integration', 'e2e'],
  );
});

test('parts that were asked for run in their usual order', () => {
  assert.deepEqual(
    chooseStages(['unit', 'format']).map((stage) => stage.name),
    ['format', 'unit'],
  );
});

test('a part that does not exist is refused with those that do', () => {
  assert.throws(
    () => chooseStages(['unti']),
    (error) => error instanceof UnknownStageError && /unti; there are format/.test(error.message),
  );
});
