import { dailyOpenMs } from '../calendar.ts';
import { toUnits } from '../decimal.ts';
import { DAY_MS } from '../timeframe.ts';
import { ONE, type AdjustmentStep, type Ratio } from './adjust-bars.ts';

const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const FIELDS = 4;

interface FactorRow {
  /** 00:00 UTC of the last session that the factors apply to. */
  readonly dayMs: number;
  readonly price: bigint;
  readonly split: bigint;
}

/**
 * Reads a factor file of LEAN for a US equity: rows of `date,price factor,split factor,reference price`, ascending. The
 * factors of a row apply to sessions up to its date, so that two rows that follow one another tell what happened between.
 * @throws RangeError naming the line that is not such a row.
 */
export function parseFactorFile(text: string): AdjustmentStep[] {
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line, index) => (line === '' ? [] : [parseRow(line, index + 1)]));
  for (const [index, row] of rows.entries())
    if (index > 0 && row.dayMs <= rows[index - 1]!.dayMs)
      throw new RangeError(`row ${index + 1} is not after the one before it`);
  return rows.slice(1).flatMap((after, index) => {
    const before = rows[index]!;
    const step = {
      exOpenMs: dailyOpenMs(before.dayMs + DAY_MS, 'xnys'),
      split: ratio(before.split, after.split),
      dividend: ratio(before.price, after.price),
    };
    return step.split === ONE && step.dividend === ONE ? [] : [step];
  });
}

function parseRow(line: string, number: number): FactorRow {
  const [date = '', price = '', split = '', ...rest] = line.split(',');
  const [, year, month, day] = DATE.exec(date) ?? [];
  const dayMs = Date.parse(`${year}-${month}-${day}`);
  if (Number.isNaN(dayMs) || rest.length > FIELDS - 3)
    throw new RangeError(`line ${number} must be date,price factor,split factor,reference price`);
  return { dayMs, price: positive(price, number), split: positive(split, number) };
}

function positive(text: string, line: number): bigint {
  const units = /^\d+(\.\d{1,12})?$/.test(text) ? toUnits(text) : 0n;
  if (units > 0n) return units;
  throw new RangeError(`line ${line} must have factors above zero of at most 12 decimals`);
}

function ratio(of: bigint, by: bigint): Ratio {
  return of === by ? ONE : { of, by };
}
