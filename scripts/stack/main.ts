import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Options, parseOptions, USAGE, UsageError } from './options.ts';
import { type Clients, createClients } from './clients.ts';
import { runPipeline } from './pipeline.ts';
import { createProgress } from './progress.ts';
import { brokenPromises, type PipelineRun } from './result.ts';
import { serviceUrl } from './service-specs.ts';
import { startStack, type Stack } from './stack.ts';
import { summaryLines, urlLines } from './summary.ts';
import type { ServiceName } from '@aistock/shared';

const EXIT_OK = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const STRATEGY_DEFAULT = 'trend_following';

const root = resolve(dirname(import.meta.filename), '../..');
const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

const SERVICE_OF: Readonly<Record<keyof Clients, ServiceName>> = {
  ingester: 'data_ingester',
  ml: 'ml_service',
  params: 'param_controller',
  gate: 'risk_gate',
  executor: 'executor',
  engine: 'engine',
  auditor: 'auditor',
};

/** Settles on the first Ctrl-C or stop request; a second one ends the program at once. */
function stopRequested(): Promise<string> {
  return Promise.race(
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(async (signal) => {
      await once(process, signal);
      process.once(signal, () => process.exit(EXIT_FAILED));
      return signal;
    }),
  );
}

async function confirmFresh(options: Options): Promise<void> {
  if (!options.fresh) return;
  if (!options.yes) {
    if (!process.stdin.isTTY)
      throw new UsageError(`--fresh removes ${options.dataDir}: add --yes to say that you mean it`);
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(`Remove everything in ${options.dataDir}? [y/N] `);
    terminal.close();
    if (answer.trim().toLowerCase() !== 'y') throw new UsageError('nothing removed');
  }
}

async function runOnce(stack: Stack, options: Options): Promise<PipelineRun> {
  const clients = createClients(
    (name) => serviceUrl(SERVICE_OF[name], options.portBase),
    process.env.AUTH_TOKEN_SERVICE,
  );
  const plan = { strategy: process.env.STRATEGY ?? STRATEGY_DEFAULT, trainUntil: process.env.TRAIN_UNTIL };
  const broken = stack.broken.then((what) => {
    throw new Error(`${what}; its log is in ${stack.place.folder.logs}`);
  });
  return Promise.race([runPipeline(clients, plan, createProgress(process.stderr)), broken]);
}

function report(done: PipelineRun, options: Options, seconds: number): number {
  const { result } = done;
  const broken = brokenPromises(done);
  if (options.json) {
    print(JSON.stringify({ ok: broken.length === 0, seconds: Number(seconds.toFixed(3)), ...result }));
  } else {
    print(['', ...summaryLines(result, seconds), ''].join('\n'));
  }
  for (const words of broken) say(`not held: ${words}`);
  return broken.length === 0 ? EXIT_OK : EXIT_FAILED;
}

async function run(options: Options): Promise<number> {
  await confirmFresh(options);
  const startedMs = performance.now();
  const asked = stopRequested();
  const stack = await startStack(root, options, createProgress(process.stderr));
  try {
    const outcome = await Promise.race([runOnce(stack, options), asked]);
    if (typeof outcome === 'string') return EXIT_FAILED;
    const exitCode = report(outcome, options, (performance.now() - startedMs) / 1000);
    if (options.once) return exitCode;
    print([...urlLines(options.portBase), '', 'Ctrl-C stops everything.'].join('\n'));
    const ended = await Promise.race([asked.then(() => undefined), stack.broken]);
    if (ended !== undefined) throw new Error(`${ended}; its log is in ${stack.place.folder.logs}`);
    return EXIT_OK;
  } finally {
    await createProgress(process.stderr).step('stopping', () => stack.stop());
  }
}

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2), process.cwd());
    if (options.help) {
      print(USAGE);
      return EXIT_OK;
    }
    return await run(options);
  } catch (error) {
    say(`start: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return EXIT_FAILED;
    say('see ./scripts/start --help');
    return EXIT_USAGE;
  }
}

process.exit(await main());
