import { once } from 'node:events';
import { CsvError } from '@aistock/market';
import { z } from 'zod';
import { describe } from './cli/describe.ts';
import { parseOptions, USAGE, UsageError, type MarketOption, type Options } from './cli/options.ts';
import { venueClock } from './clock.ts';
import { camelKeys, snakeKeys } from './http/key-case.ts';
import type { MarketTerms } from './markets/sim-market.ts';
import type { MisbehaviourTerms } from './misbehaviour/misbehaviour.ts';
import { csvSeries } from './series/csv-series.ts';
import { generatedSeries } from './series/generated-series.ts';
import { startVenueSim } from './start-venue-sim.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 64;

const print = (text: string) => void process.stdout.write(`${text}\n`);
const say = (text: string) => void process.stderr.write(`${text}\n`);

async function marketTerms(option: MarketOption, options: Options): Promise<MarketTerms> {
  const { venue, instrument, timeframe, file } = option;
  const calendar = venue === 'alpaca' && !instrument.includes('/') && file !== undefined ? 'xnys' : 'always';
  const { seed, count, sinceMs } = options;
  const bars =
    file === undefined
      ? generatedSeries({ seed, timeframe, startMs: sinceMs, bars: count })
      : await csvSeries(file, { timeframe, calendar });
  return { venue, instrument, bars, calendar };
}

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options === 'help') {
    print(USAGE);
    return;
  }
  const markets: MarketTerms[] = [];
  for (const option of options.markets) markets.push(await marketTerms(option, options));
  const { bars } = markets[0]!;
  const nowMs = bars.openAt(Math.min(Math.max(options.history, 1), bars.length) - 1);
  const sim = await startVenueSim({
    markets,
    clock: venueClock({ nowMs, rate: options.speed, realMs: () => performance.now() }),
    misbehave: options.misbehave.map(camelKeys) as MisbehaviourTerms[],
    port: options.port,
  });
  print(
    options.json
      ? JSON.stringify(snakeKeys({ url: sim.url, ...sim.control.status() }))
      : describe(sim, markets),
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await sim.stop();
}

/** Whether the person can mend it: the command line, a file, a port. */
function isTheirs(error: unknown): boolean {
  const named = error instanceof UsageError || error instanceof CsvError || error instanceof RangeError;
  return named || error instanceof z.ZodError || (error instanceof Error && 'syscall' in error);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof z.ZodError) say(`--misbehave: ${z.prettifyError(error)}`);
  else say(isTheirs(error) ? (error as Error).message : String((error as Error).stack));
  if (error instanceof UsageError) say('./scripts/venue-sim --help tells more');
  process.exitCode = error instanceof UsageError || error instanceof z.ZodError ? EXIT_USAGE : EXIT_FAILED;
}
