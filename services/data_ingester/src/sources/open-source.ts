import { isAbsolute, join } from 'node:path';
import type { Calendar } from '@aistock/market';
import { ConfigError, type Clock } from '@aistock/service-kit';
import { ccxtSource, csvSource, type BarSource, type CsvPlace, type Pacer } from '@aistock/venues';
import { DEFAULT_INSTRUMENT, DEFAULT_TIMEFRAME, defaultCsvFile } from '../default-data.ts';
import { retryWorld } from './retry-world.ts';
import type { SourceTerms, SourceTermsOf } from './source-terms.ts';

/** What every source is opened with. */
export interface SourceWorld {
  readonly clock: Clock;
  /** A new name for a request. */
  readonly newRequestId: () => string;
  /** The budgets of the venues; without one each source paces itself. */
  readonly pacer: Pacer | undefined;
}

/** What the configuration says around a source. */
export interface SourceUse {
  /** What relative paths start from. */
  readonly folder: string;
  /** The calendar of an instrument says when a date begins. */
  readonly calendarOf: (instrument: string) => Calendar;
}

/**
 * Opens a source as the configuration describes it; nothing is asked of it yet.
 * @param name - what it is called in stream ids and messages.
 * @throws SourceError where there is no such exchange or place; ConfigError where a secret is missing.
 */
export async function openSource(
  name: string,
  terms: SourceTerms,
  world: SourceWorld,
  use: SourceUse,
): Promise<BarSource> {
  const nowMs = (): number => world.clock.nowMs();
  switch (terms.kind) {
    case 'ccxt':
      return ccxtSource({
        exchange: terms.exchange,
        nowMs,
        newRequestId: world.newRequestId,
        retryWorld,
        ...optional('pacer', world.pacer),
        ...optional('origin', terms.origin),
        ...optional('timeoutMs', terms.timeout_ms),
      });
    case 'csv':
      return csvSource(name, csvPlace(terms, use.folder), {
        nowMs,
        calendarOf: use.calendarOf,
        tradesOnly: terms.trades_only,
      });
    default:
      throw new ConfigError([`SOURCES_FILE: sources.${name}: ${terms.kind} cannot be opened`]);
  }
}

/** A key that is left out where there is nothing to say. */
function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}

function csvPlace(terms: SourceTermsOf<'csv'>, folder: string): CsvPlace {
  const { file, instrument, timeframe } = terms;
  if (terms.folder !== undefined) return { dir: below(folder, terms.folder) };
  if (file !== undefined && instrument !== undefined && timeframe !== undefined)
    return { file: below(folder, file), instrument, timeframe };
  return { file: defaultCsvFile(), instrument: DEFAULT_INSTRUMENT, timeframe: DEFAULT_TIMEFRAME };
}

const below = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));
