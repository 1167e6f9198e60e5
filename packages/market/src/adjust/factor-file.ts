import { dailyOpenMs, type Calendar } from '../calendar.ts';
import { fromUnits, toUnits } from '../decimal.ts';
import { DAY_MS } from '../timeframe.ts';
import type { CorporateAction } from './corporate-action.ts';
import { divide } from './divide.ts';

const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const FIELDS = 4;
/** Dividends are told in fractions of a cent at most; the factors say no more than about that. */
const AMOUNT_UNIT = 10n ** 6n;

interface FactorRow {
  /** 00:00 UTC of the last session that the factors apply to. */
  readonly dayMs: number;
  /** In units of 10⁻¹². */
  readonly price: bigint;
  readonly split: bigint;
  /** The close of that session, as it was traded. */
  readonly close: bigint;
}

/**
 * Reads a factor file of LEAN: rows of `date,price factor,split factor,reference price`, ascending. The factors of a row
 * apply to sessions up to its date, so that two rows that follow one another tell what happened between: a change of the
 * split factor is a split, one of the price factor a dividend of that part of the close.
 * @throws RangeError naming the line that is not such a row.
 */
export function parseFactorFile(text: string, calendar: Calendar): CorporateAction[] {
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line, index) => (line === '' ? [] : [parseRow(line, index + 1)]));
  for (const [index, row] of rows.entries())
    if (index > 0 && row.dayMs <= rows[index - 1]!.dayMs)
      throw new RangeError(`row ${index + 1} is not after the one before it`);
  return rows.slice(1).flatMap((after, index) => actionsBetween(rows[index]!, after, calendar));
}

function actionsBetween(before: FactorRow, after: FactorRow, calendar: Calendar): CorporateAction[] {
  const exOpenMs = dailyOpenMs(before.dayMs + DAY_MS, calendar);
  const actions: CorporateAction[] = [];
  if (before.split !== after.split)
    actions.push({
      kind: 'split',
      exOpenMs,
      newShares: fromUnits(after.split),
      oldShares: fromUnits(before.split),
    });
  if (before.price === after.price) return actions;
  if (before.price > after.price) throw new RangeError('price factors must not fall');
  const amount = divide(before.close * (after.price - before.price), after.price * AMOUNT_UNIT) * AMOUNT_UNIT;
  return [...actions, { kind: 'dividend', exOpenMs, amount: fromUnits(amount) }];
}

function parseRow(line: string, number: number): FactorRow {
  const [date = '', price = '', split = '', close = '', ...rest] = line.split(',');
  const [, year, month, day] = DATE.exec(date) ?? [];
  const dayMs = Date.parse(`${year}-${month}-${day}`);
  if (Number.isNaN(dayMs) || rest.length > 0)
    throw new RangeError(`line ${number} must have ${FIELDS} fields: date, two factors, reference price`);
  const [priceFactor, splitFactor] = [units(price), units(split)];
  if (!priceFactor || !splitFactor)
    throw new RangeError(`line ${number} must have factors above zero of at most 12 decimals`);
  return { dayMs, price: priceFactor, split: splitFactor, close: units(close) };
}

/** Zero for what is no number. */
function units(text: string): bigint {
  return /^\d{1,26}(\.\d{1,12})?$/.test(text) ? toUnits(text) : 0n;
}
