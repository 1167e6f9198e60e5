import { ServiceError } from '@aistock/service-kit';
import type { LoadedStrategy, Strategies } from '@aistock/strategy-schemas';

/** What this service gives parameters for. */
export interface Known {
  readonly strategies: Strategies;
  /** Undefined allows every well-formed instrument. */
  readonly instruments: readonly string[] | undefined;
}

/** @throws ServiceError 404 for a strategy or an instrument that is not configured, with those that are. */
export function findStrategy(known: Known, strategy: string, instrument: string): LoadedStrategy {
  const loaded = known.strategies.get(strategy);
  if (loaded === undefined) {
    const names = [...known.strategies.keys()].join(', ');
    throw new ServiceError('strategy_unknown', 404, `there is no strategy ${strategy}; there are ${names}`);
  }
  if (known.instruments !== undefined && !known.instruments.includes(instrument)) {
    const names = known.instruments.join(', ');
    throw new ServiceError('instrument_unknown', 404, `${instrument} is not configured; there are ${names}`);
  }
  return loaded;
}
