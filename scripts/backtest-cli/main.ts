import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BacktestRun } from '@aistock/shared';
import { EXIT } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/option-values.ts';
import { progressBar } from '../command-line/progress-bar.ts';
import { EndedEarly } from '../stack/service-process.ts';
import { resultLines } from './figures-table.ts';
import { openFolder } from './out-folder.ts';
import { openServices } from './open-services.ts';
import { parseOptions, type Options } from './options.ts';
import { jsonFile, requestTerms } from './request.ts';
import { runAtEngine } from './run-at-engine.ts';
import { runBars } from './run-bars.ts';
import { RunFailed, type RunWatch } from './runner.ts';
import { USAGE } from './usage.ts';

const root = resolve(dirname(import.meta.filename), '../..');
const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);
const paint = (code: number, text: string): string =>
  process.stdout.isTTY ? `\u001B[${code}m${text}\u001B[0m` : text;

/** Aborted by the first Ctrl-C; a second one ends the program at once. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(EXIT.stopped));
      stopping.abort();
    });
  return stopping.signal;
}

/** A line that changes on a terminal; elsewhere nothing. */
function tellProgress(share: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${progressBar(Math.min(1, share))}`);
}

async function run(options: Options, signal: AbortSignal): Promise<BacktestRun> {
  const cwd = process.cwd();
  const terms = await requestTerms(options, cwd);
  const params = await jsonFile('--params', options.words.params, cwd);
  const watch: RunWatch = { told: tellProgress, signal };
  if (options.bars !== undefined)
    return runBars(
      { root, options, request: { ...terms, ...fileTerms(options), ...(params && { params }) } },
      watch,
    );
  const services = await openServices(root, options, process.stderr);
  try {
    const broken = services.broken.then((what) => Promise.reject(new Error(what)));
    const ask = { services, options, terms, params: params as Record<string, number> | undefined };
    return await Promise.race([runAtEngine(ask, watch), broken]);
  } finally {
    await services.stop();
  }
}

function fileTerms({ strategy, fromMs, toMs }: Options) {
  return {
    strategy,
    ...(fromMs !== undefined && { from_ms: fromMs }),
    ...(toMs !== undefined && { to_ms: toMs }),
  };
}

function tell(options: Options, found: BacktestRun): number {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  print(options.words.json ? JSON.stringify(found) : resultLines(found, paint).join('\n'));
  if (!options.words.json) print(`\n  ${options.out}: report.html, trades.csv, decisions.jsonl, result.json`);
  const study = found.result?.study;
  return study && 'passed' in study && !study.passed ? EXIT.failed : EXIT.done;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || (error instanceof RunFailed && error.isUsage)) return EXIT.usage;
  if (error instanceof EndedEarly && error.end === `exited with ${EXIT.config}`) return EXIT.config;
  return EXIT.failed;
}

async function main(): Promise<number> {
  const signal = stopSignal();
  try {
    const options = parseOptions(process.argv.slice(2), process.cwd());
    if (options === 'help') {
      print(USAGE);
      return EXIT.done;
    }
    await using folder = await openFolder(options.out);
    const found = await run({ ...options, out: folder.unfinished }, signal);
    await writeFile(join(folder.unfinished, 'result.json'), `${JSON.stringify(found, undefined, 2)}\n`);
    await folder.finish();
    return tell(options, found);
  } catch (error) {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    if (signal.aborted) {
      say('backtest: stopped; nothing was left in the folder');
      return EXIT.stopped;
    }
    say(`backtest: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof RunFailed)
      for (const { field, message } of error.fields) say(`  ${field}: ${message}`);
    if (error instanceof UsageError) say('see ./scripts/backtest --help');
    return exitCodeOf(error);
  }
}

process.exit(await main());
