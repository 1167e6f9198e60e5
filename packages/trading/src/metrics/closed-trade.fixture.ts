import type { ClosedTrade } from '../core/index.ts';

const DAY_MS = 86_400_000;

/** For tests: a trade with these parts, the rest as small as can be. */
export function closedTrade(parts: Partial<ClosedTrade>): ClosedTrade {
  return {
    slot: 'slot',
    instrument: 'BTC/USDT',
    configId: '00000000-0000-4000-8000-000000000000',
    side: 'buy',
    quantity: '1',
    entryMs: 0,
    entryPrice: '100',
    exitMs: DAY_MS,
    exitPrice: '100',
    fees: '0',
    pnl: '0',
    reward: 0,
    ...parts,
  };
}
