import { inspect, parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number.ts';
import { faultsOf } from './faults-of.ts';
import { runIngestProof } from './run-proof.ts';

const USAGE = `Takes bars from a venue that misbehaves in every way, kills the ingester on the way, and compares with the truth.

  ./scripts/prove-ingest [--bars 1000000] [--kills 50] [--chunk 5000] [--seed 1] [--json]

Exit code: 0 proved, 1 not proved, 64 the command line cannot be followed.
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const BARS_MAX = 5_000_000;

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      bars: { type: 'string', default: '1000000' },
      kills: { type: 'string', default: '50' },
      chunk: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    bars: wholeNumber(values.bars, 1_000, BARS_MAX),
    kills: wholeNumber(values.kills, 0, 1_000),
    chunkBars: wholeNumber(values.chunk, 100, 10_000),
    seed: wholeNumber(values.seed, 0, 1_000_000),
    json: values.json,
    help: values.help,
  };
}

async function main(args: readonly string[]): Promise<number> {
  let options: ReturnType<typeof optionsOf>;
  try {
    options = optionsOf(args);
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    print(USAGE);
    return 0;
  }
  const { json, bars, kills, chunkBars, seed } = options;
  const report = await runIngestProof({ bars, kills, chunkBars, seed }, say);
  const faults = faultsOf(report);
  print(JSON.stringify({ proved: faults.length === 0, faults, ...report }, null, json ? 0 : 2));
  return faults.length === 0 ? 0 : EXIT_FAILED;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(inspect(error));
  process.exit(EXIT_FAILED);
}
