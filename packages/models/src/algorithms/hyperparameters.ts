import { ModelError } from '../model-error.ts';
import type { Hyperparameters } from '../model-card.ts';

/** What one hyperparameter may be. */
export interface Rule<T> {
  readonly fallback: T;
  /** What is allowed, to complete "must be". */
  readonly allowed: string;
  readonly isAllowed: (value: unknown) => boolean;
}

/** A rule for each name. */
export type Rules<T> = { readonly [Name in keyof T]: Rule<T[Name]> };

export const whole = (fallback: number, [min, max]: readonly [number, number]): Rule<number> => ({
  fallback,
  allowed: `a whole number from ${min} to ${max}`,
  isAllowed: (value) => isWholeFrom(value, min, max),
});

export const number = (fallback: number, [min, max]: readonly [number, number]): Rule<number> => ({
  fallback,
  allowed: `a number from ${min} to ${max}`,
  isAllowed: (value) => typeof value === 'number' && value >= min && value <= max,
});

export const choice = <T extends string>(fallback: T, others: readonly T[]): Rule<T> => ({
  fallback,
  allowed: `one of ${[fallback, ...others].join(', ')}`,
  isAllowed: (value) => value === fallback || others.some((other) => other === value),
});

/** The name of a feature. */
export const feature = (fallback: string): Rule<string> => ({
  fallback,
  allowed: 'the name of a feature: lower case letters, digits and _, at most 64',
  isAllowed: (value) => typeof value === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(value),
});

/** Different whole numbers. */
export const wholes = (
  fallback: readonly number[],
  [min, max]: readonly [number, number],
  countMax: number,
): Rule<readonly number[]> => ({
  fallback,
  allowed: `1 to ${countMax} different whole numbers from ${min} to ${max}`,
  isAllowed: (value) =>
    isList(value, countMax) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((each) => isWholeFrom(each, min, max)),
});

/** 1, -1 or 0 for each of so many features; none at all for features that are free. */
export const signs = (countMax: number): Rule<readonly number[]> => ({
  fallback: [],
  allowed: `an empty list, or 1, -1 or 0 for each feature, at most ${countMax}`,
  isAllowed: (value) =>
    isList(value, countMax) && value.every((each) => each === 1 || each === -1 || each === 0),
});

const isList = (value: unknown, countMax: number): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= countMax;

const isWholeFrom = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;

/**
 * The given values, and the defaults of the others.
 * @throws ModelError `bad_option`, naming the field, for a name or a value that is not allowed.
 */
export function readHyperparameters<T extends Hyperparameters>(
  rules: Rules<T>,
  given: Readonly<Record<string, unknown>>,
): T {
  const names = Object.keys(rules);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw bad(unknown, `is not known; there are ${names.join(', ')}`);
  const read = Object.entries<Rule<unknown>>(rules).map(([name, { fallback, allowed, isAllowed }]) => {
    if (!Object.hasOwn(given, name)) return [name, fallback];
    const value = given[name];
    if (!isAllowed(value)) throw bad(name, `must be ${allowed}, not ${JSON.stringify(value)}`);
    return [name, value];
  });
  return Object.fromEntries(read) as T;
}

function bad(name: string, what: string): ModelError {
  const field = `hyperparameters.${name}`;
  return new ModelError('bad_option', `${field} ${what}`, field);
}
