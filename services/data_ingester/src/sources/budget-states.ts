import type { Logger } from '@aistock/service-kit';
import type { BudgetState } from '@aistock/venue-budget';

/** What is used of the venues' budgets; undefined while the database cannot say. */
export type BudgetReader = () => Promise<readonly BudgetState[] | undefined>;

/** Reads budgets once for all who ask at the same time. */
export function budgetReader(read: () => Promise<BudgetState[]>, logger: Logger): BudgetReader {
  let reading: Promise<readonly BudgetState[] | undefined> | undefined;
  const readOnce = async (): Promise<readonly BudgetState[] | undefined> => {
    try {
      return await read();
    } catch (error) {
      logger.warn('the budgets of venues could not be read', { error });
      return undefined;
    } finally {
      reading = undefined;
    }
  };
  return () => (reading ??= readOnce());
}

/** What /status tells of a budget. */
export function toBudgetState({ venue, windows, bannedUntilMs, banReason, waiting }: BudgetState) {
  return {
    venue,
    windows: windows.map(({ windowMs, weightMax, used }) => ({
      window_ms: windowMs,
      weight_max: weightMax,
      used,
    })),
    banned_until_ms: bannedUntilMs,
    ban_reason: banReason,
    waiting,
  };
}
