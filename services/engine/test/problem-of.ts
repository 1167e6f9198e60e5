import assert from 'node:assert/strict';
import { CallError, type Problem } from '@aistock/shared';

/** The problem document of a call that must be refused. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => assert.fail('the call must be refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CallError && error.problem, String(error));
  return error.problem;
}
