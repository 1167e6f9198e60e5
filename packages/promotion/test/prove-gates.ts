import { parseArgs } from 'node:util';
import { judgeCandidates } from '../src/experiment/candidates.fixture.ts';
import { judgeRandomWalks } from '../src/experiment/random-walks.fixture.ts';

const USAGE = `Tries the gates of models: on random walks, with and without heavy tails, where nothing is to be known, and on generated markets with
regimes, where a model that was trained on noise, one whose features know the next bar, the champion again and one that is really
better challenge the same champion.

  ./scripts/prove-gates [--instruments 100] [--seeds 3] [--json]

--instruments is the number of random walks for each seed and kind. Exit code: 0 if of every hundred walks at most five were promoted and
of the four challengers the last alone, 1 if not, 64 if the command line cannot be followed.
`;
const EXIT_FAILED = 1;
const EXIT_USAGE = 64;
const INSTRUMENTS_MAX = 10_000;
const SEEDS_MAX = 100;
const FALSE_SHARE_MAX = 0.05;
/** Heavy tails, or none. */
const SPREADS = [0, 0.6];

const print = (text: string) => void process.stdout.write(`${text}\n`);

function wholeNumber(text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= max))
    throw new TypeError(`must be a whole number from 1 to ${max}, not ${text}`);
  return value;
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      instruments: { type: 'string', default: '100' },
      seeds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    instruments: wholeNumber(values.instruments, INSTRUMENTS_MAX),
    seeds: Array.from({ length: wholeNumber(values.seeds, SEEDS_MAX) }, (_, index) => index + 1),
    json: values.json,
    help: values.help,
  };
}

function tryGates(instruments: number, seeds: readonly number[]) {
  const walks = SPREADS.flatMap((spread) =>
    seeds.map((seed) => judgeRandomWalks({ instruments, seed, spread })),
  );
  const challengers = seeds.flatMap((seed) =>
    Object.entries(judgeCandidates(seed)).map(([challenger, { promote, failed }]) => ({
      seed,
      challenger,
      promoted: promote,
      failed,
    })),
  );
  const proved =
    walks.every(({ promoted }) => promoted <= FALSE_SHARE_MAX * instruments) &&
    challengers.every(({ challenger, promoted }) => promoted === (challenger === 'better'));
  return { proved, walks, challengers };
}

function tell({ proved, walks, challengers }: ReturnType<typeof tryGates>): void {
  for (const { seed, spread, instruments, promoted, betterThanOneState } of walks)
    print(
      `seed ${seed}: ${promoted} of ${instruments} random walks${spread > 0 ? ' with heavy tails' : ''} promoted; ${betterThanOneState} are better than a single Gaussian`,
    );
  for (const { seed, challenger, promoted, failed } of challengers)
    print(`seed ${seed}: ${challenger} ${promoted ? 'promoted' : `kept out by ${failed.join(', ')}`}`);
  print(proved ? 'proved' : 'not proved');
}

function main(args: readonly string[]): number {
  let options;
  try {
    options = optionsOf(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    print(USAGE);
    return 0;
  }
  const tried = tryGates(options.instruments, options.seeds);
  if (options.json) print(JSON.stringify(tried));
  else tell(tried);
  return tried.proved ? 0 : EXIT_FAILED;
}

process.exitCode = main(process.argv.slice(2));
