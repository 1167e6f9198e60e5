import { checkCount } from './check-numbers.ts';
import type { Covariance } from './gaussian-hmm.ts';
import { HmmError } from './hmm-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

const COVARIANCES: readonly Covariance[] = ['spherical', 'diagonal', 'tied', 'full'];

/** JSON has no negative zero, so a model has none either. */
export function plain(values: Float64Array): number[] {
  return Array.from(values, (value) => value + 0);
}

export function fieldsOf(json: unknown, name: string): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw badField(name, 'an object');
  return json as Fields;
}

export function covarianceOf(value: unknown): Covariance {
  const found = COVARIANCES.find((covariance) => covariance === value);
  if (!found) throw badField('covariance', oneOf(COVARIANCES));
  return found;
}

export function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw badField(name, 'a finite number');
  return value;
}

export function countOf(value: unknown, name: string): number {
  const count = numberOf(value, name);
  checkCount(count, name);
  return count;
}

export function countsOf(value: unknown, name: string): number[] {
  if (!Array.isArray(value)) throw badField(name, 'an array of whole numbers from 1');
  return value.map((count) => countOf(count, name));
}

export function numbersOf(value: unknown, name: string): Float64Array {
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'number' && Number.isFinite(entry)))
    throw badField(name, 'an array of finite numbers');
  return Float64Array.from(value as number[]);
}

export function unknownFormat(known: readonly string[]): HmmError {
  return badField('format', oneOf(known));
}

export function badField(name: string, allowed: string): HmmError {
  return new HmmError('bad_model', `${name} must be ${allowed}`);
}

function oneOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}
