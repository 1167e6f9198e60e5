import { inspect, parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number.ts';
import { faultsOf } from './faults-of.ts';
import { runEngineProof } from './run-proof.ts';
import { summaryOf } from './summary.ts';

const USAGE = `Trades the same bars three times, through a backtest, on paper through all services, and on paper with an engine that is killed
with -9 again and again, and compares the SHA-256 of the decision logs.

  ./scripts/prove-engine [--days 30] [--kills 20] [--seed 1] [--port-base 23000] [--json]

Bars come from MARKET_DATA_DIR (bars/nfi-binance-spot/BTC-USDT/5m.csv.gz and bars/lean-equity/SPY/1m.csv.gz), and are generated where it
is not set. --json prints the whole report. Exit code: 0 proved, 1 not proved, 64 the command line cannot be followed.
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const DAYS_MAX = 90;
const KILLS_MAX = 1_000;
/** What the engine has unless it is told. */
const LEASE_S = 10;

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      days: { type: 'string', default: '30' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      'port-base': { type: 'string', default: '23000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    terms: {
      days: wholeNumber(values.days, 1, DAYS_MAX),
      kills: wholeNumber(values.kills, 0, KILLS_MAX),
      seed: wholeNumber(values.seed, 0, 1_000_000),
      leaseS: LEASE_S,
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
  const report = await runEngineProof(options.terms, process.env['MARKET_DATA_DIR'], {
    say,
    signal: stopSignal(),
  });
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
