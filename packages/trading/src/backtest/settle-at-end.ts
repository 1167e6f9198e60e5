import { Decimal, decimalText } from '../decimal.ts';
import type { Core } from '../core/index.ts';
import { settlementOf, fillCosts } from '../fills/index.ts';
import type { MergedBars } from './merged-bars.ts';
import type { Tally } from './tally.ts';
import type { BacktestTerms } from './terms.ts';

/**
 * Leaves everything that is held at the last closes, as a taker does: half the spread, the slippage and the fee against it.
 * How much of the bar's volume it is does not matter. @returns how many positions were held.
 */
export function settleAtEnd(
  core: Core,
  bars: MergedBars,
  tally: Tally,
  { costs: model }: BacktestTerms,
): number {
  const costs = fillCosts(model);
  return core.settle(({ stream, side, quantity }) => {
    const { data, next } = bars.tracks.find(({ setup }) => setup.id === stream)!;
    const bar = data.series.lazy(next - 1);
    const { price, fee } = settlementOf(costs, { side, quantity: new Decimal(quantity) }, bar);
    const slippage = price.minus(bar.close).abs().times(quantity);
    const left = { quantity, price: decimalText(price), fee: decimalText(fee) };
    tally.settle({ ...left, slippageCost: decimalText(slippage) });
    return left;
  });
}
