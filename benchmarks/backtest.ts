import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SideResult } from './backtest/side-process.ts';
import { medianRounds } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const SIDE = join(import.meta.dirname, 'backtest/side-process.ts');
/** Without an account: it answers trades, and what they come to is reckoned after it. */
const READY = 'grademark 0.3.0, crossings made beforehand';
const MEANS = 'grademark 0.3.0, means by its own series';
const SIDE_MS_MAX = 600_000;

/**
 * The crossover of 10 and 30 bars over 1,051,200 bars, and a sweep of a hundred pairs over 65,741, each round in a process of
 * its own with one warm-up. Ours goes through the core, the risk gate's rules, order states and books in decimals; the peer
 * keeps no account, and looks for no entry at the bar at which it leaves.
 */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const medians = await medianRounds(
    { reference: round('reference', say), venue: round('venue', say), grademark: round('grademark', say) },
    { measure: ['barsPerSecond', 'peakMib'], say },
  );
  const short = await medianRounds(
    { ours: round('reference-short', say), peer: round('grademark-means-short', say) },
    { measure: ['barsPerSecond'], say },
  );
  const sweep = [await side('reference-sweep', say), await side('grademark-sweep', say)] as const;
  const { reference, venue, grademark } = medians;
  const bars = { unit: 'bars/s', better: 'higher' } as const;
  return [
    row(
      { name: 'crossover, fills of the references', peer_name: READY, ...bars },
      reference.barsPerSecond,
      grademark.barsPerSecond,
    ),
    row(
      { name: 'crossover, fills of our venue', peer_name: READY, ...bars },
      venue.barsPerSecond,
      grademark.barsPerSecond,
    ),
    row(
      { name: 'crossover, short form', peer_name: MEANS, ...bars },
      short.ours.barsPerSecond,
      short.peer.barsPerSecond,
    ),
    row(
      { name: 'sweep of 100 pairs', peer_name: READY, unit: 's', better: 'lower' },
      sweep[0].ms / 1_000,
      sweep[1].ms / 1_000,
    ),
    row(
      { name: 'peak memory of the long form', peer_name: READY, unit: 'MiB', better: 'lower' },
      reference.peakMib,
      grademark.peakMib,
    ),
  ];
}

function row(what: Omit<BenchmarkRow, 'ours' | 'peer' | 'ratio'>, ours: number, peer: number): BenchmarkRow {
  return { ...what, ours, peer, ratio: ours / peer };
}

const round = (name: string, say: Report) => async () => {
  const { bars, ms, peakMib } = await side(name, say);
  return { barsPerSecond: (bars / ms) * 1_000, peakMib };
};

async function side(name: string, say: Report): Promise<SideResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [SIDE, name], { timeout: SIDE_MS_MAX });
  const result = JSON.parse(stdout) as SideResult;
  const { trades, equity, sha256, ms } = result;
  say(
    `${name}: ${trades} trades, equity ${equity}, ${Math.round(ms)} ms, SHA-256 of the trades ${sha256 ?? '-'}`,
  );
  return result;
}
