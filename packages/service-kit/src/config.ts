import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { baseEnv } from './env.ts';
import { isSecretName, Secret, withoutUrlPasswords } from './secret.ts';

/** The environment of a process, or what a test gives in its place. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the configuration, one sentence each; no secrets in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length} problem(s):\n${problems.join('\n')}`);
    this.problems = problems;
  }
}

/**
 * The configuration of a service: the variables of the schema, checked and frozen. An empty variable counts as
 * unset; variables that the schema does not name are left alone.
 * @throws ConfigError with every problem, not only the first.
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Env,
): Readonly<z.output<z.ZodObject<Shape>>> {
  const names = Object.keys(schema.shape);
  const { values, problems } = readValues(names, env);
  const parsed = schema.safeParse(values);
  for (const issue of parsed.error?.issues ?? []) problems.push(tellIssue(issue, values));
  if (names.includes('AUTH_MODE')) problems.push(...authProblems(values));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(parsed.data);
}

/** The configuration for people to read: secrets are hidden, so are passwords inside URLs. */
export function describeConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, tellValue(name, value)]));
}

function tellValue(name: string, value: unknown): unknown {
  if (value instanceof Secret) return '[secret]';
  if (typeof value !== 'string') return value;
  return isSecretName(name) ? '[secret]' : withoutUrlPasswords(value);
}

type Values = Record<string, string>;

function readValues(names: readonly string[], env: Env): { values: Values; problems: string[] } {
  const values: Values = {};
  const problems: string[] = [];
  for (const name of names) {
    const text = env[name];
    const file = isSecretName(name) ? env[`${name}_FILE`] : undefined;
    if (text && file) problems.push(`${name}: is set twice; give either ${name} or ${name}_FILE`);
    else if (text) values[name] = text;
    else if (file) {
      const content = readSecretFile(file);
      if (content === undefined) problems.push(`${name}_FILE: must name a file that can be read`);
      else values[name] = content;
    }
  }
  return { values, problems };
}

function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined; // told as a problem of the variable; the system's message would only repeat the path
  }
}

function tellIssue(issue: z.core.$ZodIssue, values: Values): string {
  const name = String(issue.path[0] ?? 'environment');
  const given = values[name];
  if (given === undefined) return `${name}: is not set`;
  const hidden = isSecretName(name) || name.endsWith('URL');
  return `${name}: ${issue.message}${hidden ? '' : `, but is ${JSON.stringify(given.slice(0, 100))}`}`;
}

const TOKENS = Object.keys(baseEnv).filter((name) => name.startsWith('AUTH_TOKEN_'));

function authProblems(values: Values): string[] {
  const problems: string[] = [];
  const mode = values['AUTH_MODE'] ?? 'off';
  const tokens = TOKENS.map((name) => values[name]).filter((value) => value !== undefined);
  if (mode === 'off' && !isLoopback(values['HOST'] ?? '127.0.0.1') && values['TRUSTED_NETWORK'] !== 'compose')
    problems.push(
      'AUTH_MODE: off is allowed only where HOST is a loopback address, or with TRUSTED_NETWORK=compose inside the Compose network; set AUTH_MODE=token',
    );
  if (mode === 'token' && values['AUTH_TOKEN_SERVICE'] === undefined)
    problems.push('AUTH_MODE: token needs AUTH_TOKEN_SERVICE, by which the services know each other');
  if (new Set(tokens).size < tokens.length)
    problems.push('AUTH_TOKEN_*: two roles have the same token; each role needs its own');
  return problems;
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
