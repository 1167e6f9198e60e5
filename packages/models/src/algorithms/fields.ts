import { ModelError } from '../model-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of a part of an artefact, each read by its kind. @throws ModelError `bad_model`, naming what is wrong. */
export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(name, 'an object', value);
  return value as Fields;
}

export function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(name, 'a finite number', value);
  return value;
}

export function numberOrNull(fields: Fields, name: string): number | null {
  return fields[name] === null ? null : numberOf(fields, name);
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw bad(name, 'text', value);
  return value;
}

export function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const value = allowed.find((each) => each === fields[name]);
  if (value === undefined) throw bad(name, `one of ${allowed.join(', ')}`, fields[name]);
  return value;
}

export function numbersOf(fields: Fields, name: string, length: number): readonly number[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length !== length || !value.every(Number.isFinite))
    throw bad(name, `${length} finite numbers`, value);
  return value as number[];
}

export function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw bad(name, 'a list', value);
  return value as unknown[];
}

function bad(name: string, allowed: string, value: unknown): ModelError {
  const told = JSON.stringify(value)?.slice(0, TOLD_MAX) ?? 'missing';
  return new ModelError('bad_model', `${name} must be ${allowed}, not ${told}`, name);
}

const TOLD_MAX = 80;
