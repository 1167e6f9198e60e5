import type { FieldProblem, Route } from '@aistock/shared';
import type { z } from 'zod';
import { ServiceError } from './service-error.ts';

const FIELDS_MAX = 50;
const FIELD_LENGTH_MAX = 200;

export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * The input of a route, parsed by its schemas.
 * @throws ServiceError 400 with every field that was wrong, what was wrong, and what is allowed.
 */
export function parseInput(route: Route, raw: RawInput): RawInput {
  const fields: FieldProblem[] = [];
  const part = (name: keyof RawInput): unknown => {
    const schema = route[name];
    if (!schema) return void fields.push(...unexpected(name, raw[name]));
    const parsed = schema.safeParse(raw[name]);
    if (parsed.success) return parsed.data;
    return void fields.push(...parsed.error.issues.flatMap((issue) => fieldProblems(name, issue)));
  };
  const input = { params: part('params'), query: part('query'), body: part('body') };
  if (fields.length === 0) return input;
  throw new ServiceError('invalid_request', 400, summarise(fields), { fields: fields.slice(0, FIELDS_MAX) });
}

function summarise(fields: readonly FieldProblem[]): string {
  const [first] = fields;
  const others = fields.length > 1 ? `, and ${fields.length - 1} more` : '';
  return `${first?.field} ${first?.message}${others}`;
}

/** What came where the route takes nothing. */
function unexpected(name: keyof RawInput, value: unknown): FieldProblem[] {
  if (value === undefined || value === null) return [];
  if (name === 'body') return [{ field: 'body', message: 'is not taken here; leave it out' }];
  return Object.keys(value).map((key) => unknownField(name, key));
}

function unknownField(where: string, key: string): FieldProblem {
  return { field: `${where}.${key}`.slice(0, FIELD_LENGTH_MAX), message: 'is not known; leave it out' };
}

function fieldProblems(part: string, issue: z.core.$ZodIssue): FieldProblem[] {
  const field = [part, ...issue.path.map(String)].join('.').slice(0, FIELD_LENGTH_MAX);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(field, key));
  return [{ field, message: tellIssue(issue) }];
}

function tellIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element')
    return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return `is required: ${issue.expected}`;
  return issue.message.replace(/^Invalid (input|option|string): /, '');
}
