import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromotionPolicy } from '@aistock/promotion';
import { ConfigError } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { StrategySchema } from '@aistock/trading/policy';
import { parseDocument, visit } from 'yaml';
import type { z } from 'zod';

const FILES_MAX = 200;
const FILE_CHARACTERS_MAX = 256 * 1024;

export interface LoadedStrategy {
  readonly schema: StrategySchema;
  /** SHA-256 of the schema's canonical JSON; what is asked of models is no part of it. */
  readonly sha256: string;
  /** What is asked of a model before it may act for the strategy: the block `promotion`, defaults where it says nothing. */
  readonly promotion: PromotionPolicy;
}

export type Strategies = ReadonlyMap<string, LoadedStrategy>;

/**
 * Every strategy of the folder, by name.
 * @throws ConfigError with all that is wrong in all files, each with its file and field.
 */
export async function loadStrategies(folder: string): Promise<Strategies> {
  const files = await listFiles(folder);
  const problems: string[] = [];
  const strategies = new Map<string, LoadedStrategy>();
  for (const file of files) {
    const read = parseStrategyFile(file, await readFile(join(folder, file), 'utf8'));
    if ('schema' in read) strategies.set(read.schema.strategy, read);
    else problems.push(...read.problems);
  }
  if (files.length === 0) problems.push(`STRATEGY_SCHEMAS_DIR: ${folder} holds no .yaml file`);
  if (problems.length > 0) throw new ConfigError(problems);
  return strategies;
}

async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new ConfigError([`STRATEGY_SCHEMAS_DIR: ${folder} cannot be read: ${error.message}`]);
  });
  const misnamed = names.filter((name) => name.endsWith('.yml'));
  const files = names.filter((name) => name.endsWith('.yaml')).toSorted();
  if (misnamed.length > 0) throw new ConfigError(misnamed.map((name) => `${name}: must end in .yaml`));
  if (files.length > FILES_MAX)
    throw new ConfigError([`STRATEGY_SCHEMAS_DIR: at most ${FILES_MAX} files are read`]);
  return files;
}

/** A strategy from the text of its file, which is named after it. */
export function parseStrategyFile(file: string, text: string): LoadedStrategy | { problems: string[] } {
  const told = (problems: readonly string[]) => ({
    problems: problems.map((problem) => `${file}: ${problem}`),
  });
  if (text.length > FILE_CHARACTERS_MAX) return told([`must be at most ${FILE_CHARACTERS_MAX} characters`]);
  const yaml = parseYaml(text);
  if (yaml.problems.length > 0) return told(yaml.problems);
  const { promotion: policy = {}, ...rest } = mapOf(yaml.value);
  const parsed = StrategySchema.safeParse(rest);
  const promotion = PromotionPolicy.safeParse(policy);
  if (!parsed.success || !promotion.success)
    return told([...problemsOf([], parsed), ...problemsOf(['promotion'], promotion)]);
  const schema = parsed.data;
  if (file !== `${schema.strategy}.yaml`)
    return told([`strategy: must be the name of the file, but is ${schema.strategy}`]);
  return { schema, sha256: sha256Hex(canonicalJson(schema)), promotion: promotion.data };
}

/** Nothing of what is no map: the schema then misses everything. */
function mapOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function problemsOf(path: readonly string[], { error }: z.ZodSafeParseResult<unknown>): string[] {
  return error?.issues.map((issue) => `${[...path, ...issue.path].join('.')}: ${issue.message}`) ?? [];
}

/** Every key once, no aliases: what a person reads in the file is all that it says. */
function parseYaml(text: string): { value?: unknown; problems: string[] } {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map((fault) => fault.message);
  visit(document, { Alias: () => void problems.push('aliases are not taken') });
  return problems.length > 0 ? { problems } : { value: document.toJS(), problems };
}
