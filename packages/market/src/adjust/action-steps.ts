import { toUnits } from '../decimal.ts';
import { ONE, type AdjustmentStep } from './adjust-bars.ts';
import type { CorporateAction } from './corporate-action.ts';

/**
 * The steps of splits and dividends.
 * @param closeBefore - the close of the last bar that opened before a time, as it was traded; undefined where there is
 *   none: then nothing is there that the action could change.
 * @throws RangeError for a dividend of as much as the close before it, or more: one of the two is wrong.
 */
export function actionSteps(
  actions: readonly CorporateAction[],
  closeBefore: (exOpenMs: number) => string | undefined,
): AdjustmentStep[] {
  return actions.flatMap((action): AdjustmentStep[] => {
    const { exOpenMs } = action;
    if (action.kind === 'split') {
      const split = { of: toUnits(action.oldShares), by: toUnits(action.newShares) };
      return [{ exOpenMs, split, dividend: ONE }];
    }
    const close = closeBefore(exOpenMs);
    if (close === undefined) return [];
    const left = toUnits(close) - toUnits(action.amount);
    if (left <= 0n)
      throw new RangeError(`a dividend of ${action.amount} is not below the close of ${close} before it`);
    return [{ exOpenMs, split: ONE, dividend: { of: left, by: toUnits(close) } }];
  });
}
