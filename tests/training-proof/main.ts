import { inspect, parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number.ts';
import { faultsOf } from './faults-of.ts';
import { runTrainingProof } from './run-proof.ts';
import { summaryOf } from './summary.ts';

const USAGE = `Trains models on files of bars with EXACTLY_ONCE, while two replicas of ml_service are killed with -9 again and again, and
some are stopped until another one has taken their run over. Then each file, each bar and each reading is accounted for, and the
model is held against a refit on a sliding window.

  ./scripts/prove-training [--files 200] [--kills 20] [--freezes 3] [--seed 1] [--port-base 25000] [--json]

Bars come from MARKET_DATA_DIR (bars/nfi-binance-spot/BTC-USDT/5m.csv.gz), and are generated where it is not set. --json prints the
whole report. Exit code: 0 proved, 1 not proved, 64 the command line cannot be followed.
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const FILES_MIN = 8;
const FILES_MAX = 200;

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '200' },
      kills: { type: 'string', default: '20' },
      freezes: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      'port-base': { type: 'string', default: '25000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    terms: {
      files: wholeNumber(values.files, FILES_MIN, FILES_MAX),
      kills: wholeNumber(values.kills, 0, FILES_MAX),
      freezes: wholeNumber(values.freezes, 0, FILES_MAX),
      seed: wholeNumber(values.seed, 0, 1_000_000),
      portBase: wholeNumber(values['port-base'], 1_024, 65_000),
    },
    json: values.json,
    help: values.help,
  };
}

/** Aborted by the first Ctrl-C; a second one ends the program at once. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      process.once(signal, () => process.exit(EXIT_FAILED));
      stopping.abort();
    });
  return stopping.signal;
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
  const watch = { say, signal: stopSignal() };
  const report = await runTrainingProof(options.terms, process.env['MARKET_DATA_DIR'], watch);
  const faults = faultsOf(report);
  print(
    options.json
      ? JSON.stringify({ proved: faults.length === 0, faults, ...report })
      : summaryOf(report, faults).join('\n'),
  );
  return faults.length === 0 ? 0 : EXIT_FAILED;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(inspect(error));
  process.exit(EXIT_FAILED);
}
