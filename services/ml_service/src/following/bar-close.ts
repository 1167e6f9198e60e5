import { closeMs } from '@aistock/market';
import type { NamedModel } from '../registry/snapshot.ts';

/**
 * When a bar is complete, whatever its calendar: a daily bar that opens at midnight in New York closes with its session,
 * and one that opens at midnight UTC, which is never midnight there, a day later.
 */
export const barCloseMs = (openMs: number, { timeframe }: Pick<NamedModel, 'timeframe'>): number =>
  closeMs(openMs, timeframe, 'xnys');
