import type { CostModel } from '@aistock/shared';
import type { Scenario } from './scenario.ts';

function scaleSpread(spread: CostModel['spread'], factor: number): CostModel['spread'] {
  if (spread.type === 'bps') return { ...spread, bps: spread.bps * factor };
  return { ...spread, share: Math.min(1, spread.share * factor) };
}

function scaleFees(fees: CostModel['fees'], factor: number): CostModel['fees'] {
  return { ...fees, maker_bps: fees.maker_bps * factor, taker_bps: fees.taker_bps * factor };
}

export const COST_SCENARIOS: readonly Scenario[] = [
  {
    name: 'spread_x3',
    description: 'The spread three times as wide.',
    apply: (inputs) => ({
      ...inputs,
      costs: { ...inputs.costs, spread: scaleSpread(inputs.costs.spread, 3) },
    }),
  },
  {
    name: 'fee_x2',
    description: 'Fees twice as high.',
    apply: (inputs) => ({ ...inputs, costs: { ...inputs.costs, fees: scaleFees(inputs.costs.fees, 2) } }),
  },
];
