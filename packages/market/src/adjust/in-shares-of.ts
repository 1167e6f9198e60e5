import { fromUnits, toUnits } from '../decimal.ts';
import { divide } from './divide.ts';
import type { CorporateAction } from './corporate-action.ts';

/**
 * An amount of one share as one of another time, where splits lie between the two; rounded to 12 digits.
 * @param times - in whose shares it is and is to be, Unix ms UTC.
 */
export function inSharesOf(
  amount: string,
  times: { readonly fromMs: number; readonly toMs: number },
  actions: readonly CorporateAction[],
): string {
  const { fromMs, toMs } = times;
  let [of, by] = [1n, 1n];
  for (const action of actions) {
    if (action.kind !== 'split') continue;
    const { exOpenMs } = action;
    const [before, after] = [toUnits(action.oldShares), toUnits(action.newShares)];
    if (exOpenMs > fromMs && exOpenMs <= toMs) [of, by] = [of * before, by * after];
    if (exOpenMs > toMs && exOpenMs <= fromMs) [of, by] = [of * after, by * before];
  }
  return of === by ? amount : fromUnits(divide(toUnits(amount) * of, by));
}
