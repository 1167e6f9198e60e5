import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lengthMsOf, UsageError, wholeOf } from '../command-line/option-values.ts';
import type { Options, Words } from './options.ts';

const TIMES_MAX = 200;

type Json = Readonly<Record<string, unknown>>;

/**
 * What POST /backtest takes, apart from strategy, streams and time, which depend on where it runs.
 * @throws UsageError for a file that is not there or not JSON.
 */
export async function requestTerms({ words, seed }: Options, cwd: string): Promise<Json> {
  const [costs, rules, policies] = await Promise.all(
    (['costs', 'rules', 'policies'] as const).map((name) => jsonFile(`--${name}`, words[name], cwd)),
  );
  return {
    start_cash: words.cash,
    seed,
    ...(costs && { costs }),
    ...(rules && { rules }),
    ...policies,
    ...(words['allow-in-sample'] && { allow_in_sample: true }),
    study: await studyOf(words, cwd),
  };
}

async function studyOf(words: Words, cwd: string): Promise<Json> {
  if (words.scenarios) return { type: 'scenarios' };
  if (words.check === 'recursive') return { type: 'recursive' };
  if (words.check !== undefined)
    return { type: 'lookahead', times: wholeOf('--times', words.times, [1, TIMES_MAX]) };
  const ranges = await jsonFile('--sweep', words.sweep, cwd);
  if (!ranges) return { type: 'single' };
  const { criterion } = words;
  if (!words['walk-forward']) return { type: 'sweep', ranges, criterion };
  return {
    type: 'walk_forward',
    ranges,
    criterion,
    train_ms: lengthMsOf('--train', words.train ?? ''),
    test_ms: lengthMsOf('--test', words.test ?? ''),
    mode: words.anchored ? 'anchored' : 'rolling',
    purge_ms: lengthMsOf('--purge', words.purge),
    embargo_ms: lengthMsOf('--embargo', words.embargo),
  };
}

/** The object in a file of JSON; undefined where none was named. */
export async function jsonFile(
  option: string,
  path: string | undefined,
  cwd: string,
): Promise<Json | undefined> {
  if (path === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(await readFile(resolve(cwd, path), 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch (error) {
    throw new UsageError(`${option}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  throw new UsageError(`${option}: ${path} must hold a JSON object`);
}
