import type { Db } from '@aistock/database';
import type { Check } from '@aistock/service-kit';
import type { ShadowResult } from '@aistock/shared';
import { newestDays, type StoredDay } from './store/shadow-store.ts';

/** What the newest day of each session that trades says, until the next day says something else. */
export function shadowCheck(db: Db): Check {
  return {
    name: 'shadow backtests',
    required: false,
    run: async () => {
      const told = (await newestDays(db)).flatMap((row) => troubleOf(row) ?? []);
      return told.length === 0 ? undefined : told.join('; ');
    },
  };
}

function troubleOf({ shadow_id, account, day, status, verdict, result, problem_code }: StoredDay) {
  const where = `${account} on ${day} (GET /shadow/${shadow_id})`;
  if (status === 'failed') return `${where} could not be run again: ${problem_code}`;
  if (problem_code !== null) return `${where} is tried again: ${problem_code}`;
  if (verdict === null || verdict === 'same') return undefined;
  const { strategies } = result as unknown as ShadowResult;
  const apart = strategies
    .filter((strategy) => strategy.verdict !== 'same')
    .map(({ strategy, bps }) => `${strategy} by ${bps.toFixed(1)} bps`);
  return `${where} differs from its backtest${apart.length > 0 ? `: ${apart.join(', ')}` : ''}`;
}
