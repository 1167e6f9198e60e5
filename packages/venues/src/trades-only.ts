import type { Timeframe } from '@aistock/market';
import type { BarSource, TradesOnly } from './bar-source.ts';

type Source = Pick<BarSource, 'tradesOnly'>;

/** Whether the source makes no bar of the timeframe while nobody trades, so that a missing one is not a fault. */
export function isTradesOnly({ tradesOnly }: Source, timeframe: Timeframe): boolean {
  return tradesOnly === 'intraday' ? timeframe !== '1d' : tradesOnly;
}

/** Of sources that stand in for one another: a missing bar is a fault as soon as one of them could have told. */
export function tradesOnlyOf(sources: readonly Source[]): TradesOnly {
  if (sources.every((source) => isTradesOnly(source, '1d'))) return true;
  return sources.every((source) => isTradesOnly(source, '1m')) ? 'intraday' : false;
}
