import { dirname, resolve } from 'node:path';
import { CallError, type Backfill } from '@aistock/shared';
import { EndedEarly } from '../stack/service-process.ts';
import { bodyOf, fetchHistory } from './fetch-history.ts';
import { EXIT } from '../command-line/exit-codes.ts';
import { UsageError } from '../command-line/option-values.ts';
import { openIngester, type Ingester } from './open-ingester.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { planLines, resultLines } from './tables.ts';

const root = resolve(dirname(import.meta.filename), '../..');
const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

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

async function run(options: Options): Promise<number> {
  const signal = stopSignal();
  const ingester = await openIngester(root, options, process.stderr);
  try {
    const broken = ingester.broken.then((what) => Promise.reject(new Error(what)));
    return await Promise.race([
      options.dryRun ? tell(ingester, options) : fetchAll(ingester, options, signal),
      broken,
    ]);
  } finally {
    await ingester.stop();
  }
}

async function tell({ client }: Ingester, options: Options): Promise<number> {
  const planned = await client.startBackfill({ body: { ...bodyOf(options), dry_run: true } });
  print(options.json ? JSON.stringify(planned) : planLines(planned.plan).join('\n'));
  return EXIT.done;
}

async function fetchAll(ingester: Ingester, options: Options, signal: AbortSignal): Promise<number> {
  const backfill = await fetchHistory(ingester.client, options, { out: process.stderr, signal });
  print(options.json ? JSON.stringify(backfill) : ['', ...resultLines(backfill)].join('\n'));
  if (backfill.status === 'running') {
    sayHowToGoOn(ingester, backfill);
    return EXIT.stopped;
  }
  return backfill.status === 'done' ? EXIT.done : EXIT.failed;
}

function sayHowToGoOn({ own, url }: Ingester, { backfill_id: id }: Backfill): void {
  if (own) say('stopped; what was fetched is kept. The same command goes on where this one stopped.');
  else say(`data_ingester goes on by itself. To stop it: curl -X DELETE ${url}/backfills/${id}`);
}

/** Wrong names are the caller's to mend; what else data_ingester refuses has failed. */
function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CallError && (error.status === 400 || error.status === 404)) return EXIT.usage;
  if (error instanceof EndedEarly && error.end === `exited with ${EXIT.config}`) return EXIT.config;
  return EXIT.failed;
}

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2), process.cwd());
    if (options === 'help') {
      print(USAGE);
      return EXIT.done;
    }
    return await run(options);
  } catch (error) {
    say(`ingest: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof UsageError) say('see ./scripts/ingest --help');
    return exitCodeOf(error);
  }
}

process.exit(await main());
