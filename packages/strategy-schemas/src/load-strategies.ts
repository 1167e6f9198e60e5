import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { StrategySchema } from '@aistock/trading/policy';
import { parseDocument, visit } from 'yaml';

const FILES_MAX = 200;
const FILE_CHARACTERS_MAX = 256 * 1024;

export interface LoadedStrategy {
  readonly schema: StrategySchema;
  /** SHA-256 of the schema's canonical JSON. */
  readonly sha256: string;
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
  const parsed = StrategySchema.safeParse(yaml.value);
  if (!parsed.success)
    return told(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  const schema = parsed.data;
  if (file !== `${schema.strategy}.yaml`)
    return told([`strategy: must be the name of the file, but is ${schema.strategy}`]);
  return { schema, sha256: sha256Hex(canonicalJson(schema)) };
}

/** Every key once, no aliases: what a person reads in the file is all that it says. */
function parseYaml(text: string): { value?: unknown; problems: string[] } {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings].map((fault) => fault.message);
  visit(document, { Alias: () => void problems.push('aliases are not taken') });
  return problems.length > 0 ? { problems } : { value: document.toJS(), problems };
}
