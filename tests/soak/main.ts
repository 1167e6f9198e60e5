import { inspect, parseArgs } from 'node:util';
import { wholeNumber } from '../whole-number.ts';
import { runSoak } from './run-soak.ts';

const USAGE = `Lets data_ingester follow many streams, each with a new bar every second, and watches its memory.

  ./scripts/soak [--minutes 10] [--streams 50] [--seed 1] [--json]

Exit code: 0 every bar is there and memory is flat, 1 not so, 64 the command line cannot be followed.
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const MINUTES_MAX = 160;
const STREAMS_MAX = 200;
const SECONDS_PER_MINUTE = 60;

const say = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      streams: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    seconds: wholeNumber(values.minutes, 1, MINUTES_MAX) * SECONDS_PER_MINUTE,
    streams: wholeNumber(values.streams, 1, STREAMS_MAX),
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
  const { json, seconds, streams, seed } = options;
  const report = await runSoak({ seconds, streams, seed }, Date.now(), say);
  print(JSON.stringify(report, null, json ? 0 : 2));
  return report.faults.length === 0 ? 0 : EXIT_FAILED;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(inspect(error));
  process.exit(EXIT_FAILED);
}
