import { isSecretName } from '@aistock/service-kit';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';

const PROBLEMS_TOLD_MAX = 50;
const GIVEN_CHARACTERS_MAX = 60;

/** A parsed YAML text that can say on which line something stands. */
export interface YamlDocument {
  /** What is wrong with the text itself; empty where it can be read. */
  readonly problems: readonly string[];
  readonly value: unknown;
  /** One sentence for each issue of a schema with the value: line, place, what is allowed. Secrets are never repeated. */
  readonly tell: (issues: readonly z.core.$ZodIssue[]) => string[];
  /** The same sentence for what a schema cannot see. */
  readonly tellAt: (path: readonly PropertyKey[], message: string) => string;
}

export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineOf = (offset: number | undefined): number => lines.linePos(offset ?? 0).line;
  const tellAt = (path: readonly PropertyKey[], message: string): string =>
    `line ${lineOf(offsetOf(document, path))}, ${placeOf(path)}: ${message}`;
  // A warning is about a tag that nothing knows: what stands behind it does not mean what its writer thinks.
  const faults = [...document.errors, ...document.warnings];
  const problems = faults.map(({ pos, message }) => `line ${lineOf(pos[0])}: ${message}`);
  for (const { key, offset } of secretKeys(document))
    problems.push(`line ${lineOf(offset)}, ${key}: looks like a secret; give it by the environment only`);
  const value = problems.length === 0 ? valueOf(document, problems) : undefined;
  return {
    problems: problems.slice(0, PROBLEMS_TOLD_MAX),
    value,
    tell: (issues) =>
      issues
        .flatMap((issue) => tellIssue(issue, document))
        .map(([path, message]) => tellAt(path, message))
        .slice(0, PROBLEMS_TOLD_MAX),
    tellAt,
  };
}

/** Aliases that would grow beyond all bounds are a problem too. */
function valueOf(document: Document, problems: string[]): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.push(`the file: ${(error as Error).message}`);
    return undefined;
  }
}

function tellIssue(issue: z.core.$ZodIssue, document: Document): [path: PropertyKey[], message: string][] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => [[...issue.path, key], issue.message]);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => [issue.path, message]);
  return [[issue.path, issue.message + tellGiven(document.getIn(issue.path))]];
}

/** A value that may hold a name and a password, as in a URL, is not repeated. */
function tellGiven(given: unknown): string {
  if (!['string', 'number', 'boolean'].includes(typeof given)) return '';
  const text = JSON.stringify(given);
  return text.includes('@') ? '' : `, but is ${text.slice(0, GIVEN_CHARACTERS_MAX)}`;
}

/** Where the thing stands, or the nearest thing around it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === name)
      : undefined;
    if (pair && isScalar(pair.key)) return pair.key.range?.[0];
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node)
      return Array.isArray(node.range) ? Number(node.range[0]) : undefined;
  }
  return document.contents?.range?.[0];
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'the file';
}

function secretKeys(document: Document): { key: string; offset: number | undefined }[] {
  const found: { key: string; offset: number | undefined }[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && typeof key.value === 'string' && isSecretName(key.value))
        found.push({ key: key.value, offset: key.range?.[0] });
    },
  });
  return found;
}
