import { cpus, totalmem } from 'node:os';
import { BENCHMARKS, type BenchmarkName } from './benchmarks.ts';
import { tableLines } from './table.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const GIB = 1024 ** 3;

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

const USAGE = `./scripts/bench NAME [--json]

Runs the same work on ours and on a named peer, in turn, and prints the medians.

${Object.entries(BENCHMARKS)
  .map(([name, { title }]) => `  ${name.padEnd(10)} ${title}`)
  .join('\n')}`;

const isBenchmark = (name: string | undefined): name is BenchmarkName =>
  name !== undefined && name in BENCHMARKS;

/** Figures mean little without the machine that they were measured on. */
function describeMachine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / GIB)} GiB, Node ${process.versions.node}`;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    print(USAGE);
    return 0;
  }
  const names = args.filter((arg) => arg !== '--json');
  const [name] = names;
  if (names.length !== 1 || !isBenchmark(name)) {
    say(USAGE);
    return EXIT_USAGE;
  }
  const { run } = await BENCHMARKS[name].load();
  const rows = await run(say);
  const machine = describeMachine();
  print(
    args.includes('--json')
      ? JSON.stringify({ benchmark: name, machine, rows })
      : tableLines(machine, rows).join('\n'),
  );
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(EXIT_FAILED);
}
