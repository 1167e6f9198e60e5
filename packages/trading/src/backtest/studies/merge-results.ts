import { sum, toWire } from '../../portfolio/index.ts';
import type { BacktestResult } from '../terms.ts';
import { stitchEquity } from './stitch.ts';

/**
 * The results of periods that follow one another as one: equity goes on from period to period in proportion, everything else
 * is added up. A single result stays as it is.
 * @throws RangeError for none.
 */
export function mergeResults(results: readonly BacktestResult[]): BacktestResult {
  const [first] = results;
  if (first === undefined) throw new RangeError('there is no result to merge');
  if (results.length === 1) return first;
  const { equityMs, equity } = stitchEquity(results);
  const total = (of: (result: BacktestResult) => number): number =>
    results.reduce((whole, result) => whole + of(result), 0);
  const closes = total((result) => result.closes);
  return {
    closes,
    bars: total((result) => result.bars),
    equityStart: first.equityStart,
    // Curves are float64, and so is what is stitched from them.
    equityEnd: (equity.at(-1) ?? Number(first.equityStart)).toFixed(8),
    equityMs,
    equity,
    exposure: closes === 0 ? 0 : total((result) => result.exposure * result.closes) / closes,
    trades: results.flatMap(({ trades }) => trades),
    orders: addUp(results.map(({ orders }) => orders)),
    denials: addUp(results.map(({ denials }) => denials)),
    reasons: addUp(results.map(({ reasons }) => reasons)),
    costs: {
      fees: added(results, 'fees'),
      slippage: added(results, 'slippage'),
      funding: added(results, 'funding'),
      turnover: added(results, 'turnover'),
    },
    openAtEnd: results.at(-1)!.openAtEnd,
    settled: total((result) => result.settled),
  };
}

function added(results: readonly BacktestResult[], name: keyof BacktestResult['costs']): string {
  return toWire(results.reduce((whole, { costs }) => sum(whole, costs[name]), '0'));
}

function addUp<Counts extends Readonly<Record<string, number>>>(all: readonly Counts[]): Counts {
  const whole: Record<string, number> = {};
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) whole[name] = (whole[name] ?? 0) + count;
  return whole as Counts;
}
