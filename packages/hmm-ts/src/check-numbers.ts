import { HmmError } from './hmm-error.ts';

/** @throws HmmError `bad_model` unless it is a whole number from 1. */
export function checkCount(count: number, name: string): void {
  if (!Number.isSafeInteger(count) || count < 1)
    throw new HmmError('bad_model', `${name} must be a whole number from 1, not ${count}`);
}

/** @throws HmmError `bad_model` unless there are `length` finite numbers. */
export function checkNumbers(values: Float64Array, length: number, name: string): void {
  if (values.length !== length)
    throw new HmmError('bad_model', `${name} must hold ${length} numbers, not ${values.length}`);
  if (!values.every(Number.isFinite)) throw new HmmError('bad_model', `${name} must be finite`);
}

/** @throws HmmError `bad_model` unless there are `length` finite numbers above zero. */
export function checkPositive(values: Float64Array, length: number, name: string): void {
  checkNumbers(values, length, name);
  if (!values.every((value) => value > 0)) throw new HmmError('bad_model', `${name} must be above zero`);
}
