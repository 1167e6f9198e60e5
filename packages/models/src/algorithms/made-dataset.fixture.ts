import { createRandom } from '@aistock/hmm-ts';
import type { Dataset, Target } from '../dataset.ts';

const HOUR_MS = 3_600_000;
const WARM_UP = 12;

/** Hours of a price whose volatility and drift come in two regimes, with a target that the last return tells something of. */
export function madeDataset(rows: number, seed = 7): Dataset {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const closeLog = new Float64Array(rows);
  const returnLog = new Float64Array(rows);
  const volatilityLog = new Float64Array(rows);
  const rises = new Float64Array(rows).fill(NaN);
  let [isWild, variance, level, before] = [false, 1e-4, 4, 0];
  for (let row = 0; row < rows; row++) {
    if (random.uniform() < 0.02) isWild = !isWild;
    variance = 2e-6 + 0.08 * before * before + 0.85 * variance;
    before = Math.sqrt(variance) * (isWild ? 2 : 1) * normal() + (isWild ? -1e-3 : 5e-4);
    level += before;
    closeLog[row] = level;
    returnLog[row] = before;
    volatilityLog[row] = Math.log(Math.sqrt(variance) * (isWild ? 2 : 1)) + 0.1 * normal();
    if (row > 0) rises[row - 1] = Number(before + 0.01 * normal() - 0.5 * returnLog[row - 1]! > 0);
  }
  for (const column of [returnLog, volatilityLog]) column.fill(NaN, 0, WARM_UP);
  const names = ['return_log', 'volatility_log', 'close_log'];
  return {
    stream: 'made:BTC/USDT:1h',
    openMs: Float64Array.from(returnLog, (_, row) => 1_600_000_000_000 + row * HOUR_MS),
    features: names.map((name) => ({ name, version: 1 })),
    columns: [returnLog, volatilityLog, closeLog],
    target: { name: 'rises_ahead', horizonBars: 1, values: rises },
    fileHashes: ['a'.repeat(64)],
  };
}

export const withTarget = (dataset: Dataset, target: Target | null): Dataset => ({ ...dataset, target });
