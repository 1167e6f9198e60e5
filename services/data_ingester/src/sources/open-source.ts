import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Calendar } from '@aistock/market';
import type { Clock } from '@aistock/service-kit';
import type { Budget } from '@aistock/venue-budget';
import {
  alpacaSource,
  alphaVantageSource,
  ccxtSource,
  csvSource,
  finnhubSource,
  SourceError,
  yahooSource,
  type BarSource,
  type CsvPlace,
  type Pacer,
  type RetryWorld,
  type WebTerms,
} from '@aistock/venues';
import { DEFAULT_INSTRUMENT, DEFAULT_TIMEFRAME, defaultCsvFile } from '../default-data.ts';
import { secretOf, type SecretName, type SourceSecrets } from './source-secrets.ts';
import type { SourceTerms, SourceTermsOf } from './source-terms.ts';
import { pacerFor, type WebTermsOf } from './venues.ts';

/** What every source is opened with. */
export interface SourceWorld {
  readonly clock: Clock;
  /** A new name for a request. */
  readonly newRequestId: () => string;
  readonly retryWorld: RetryWorld;
  /** Keeps requests within the budgets. */
  readonly pacer: Pacer;
  /** What the configuration tells of the budgets of venues. */
  readonly budgets: Readonly<Record<string, Budget>>;
  readonly secrets: SourceSecrets;
}

/** What the configuration says around a source. */
export interface SourceUse {
  /** What it is called in stream ids and messages. */
  readonly name: string;
  /** What relative paths start from. */
  readonly folder: string;
  /** The calendar of an instrument says when a date begins. */
  readonly calendarOf: (instrument: string) => Calendar;
}

/**
 * Opens a source as the configuration describes it; nothing is asked of it yet.
 * @throws SourceError where there is no such exchange or place; ConfigError where a secret is missing.
 */
export async function openSource(terms: SourceTerms, use: SourceUse, world: SourceWorld): Promise<BarSource> {
  if (terms.kind !== 'csv') return openWebSource(terms, use, world);
  const place = csvPlace(terms, use.folder);
  await assertReadable('dir' in place ? place.dir : place.file);
  return csvSource(use.name, place, {
    nowMs: () => world.clock.nowMs(),
    calendarOf: use.calendarOf,
    tradesOnly: terms.trades_only,
  });
}

/** A path with a slip in it shows at the start. @throws SourceError. */
export async function assertReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    const why = (error as Error).message;
    throw new SourceError('source_unreachable', `${path} cannot be read (${why})`, { cause: error });
  }
}

function openWebSource(
  terms: WebTermsOf,
  use: SourceUse,
  world: SourceWorld,
): BarSource | Promise<BarSource> {
  const web = webTerms(terms, use, world);
  const { calendarOf } = use;
  const secret = (name: SecretName): string => secretOf(world.secrets, name, use.name);
  if (terms.kind === 'ccxt') return ccxtSource({ ...web, exchange: terms.exchange, sandbox: terms.sandbox });
  if (terms.kind === 'alpaca') {
    const { feed, adjustment, paper, delay_s: delayS } = terms;
    const account = { keyId: secret('ALPACA_API_KEY_ID'), secret: secret('ALPACA_API_SECRET_KEY'), paper };
    const delay = delayS === undefined ? {} : { delayMs: delayS * 1_000 };
    return alpacaSource({ ...web, ...account, ...delay, feed, adjustment });
  }
  if (terms.kind === 'yahoo')
    return yahooSource({ ...web, calendarOf, ...(terms.symbols && { symbols: terms.symbols }) });
  if (terms.kind === 'alphavantage')
    return alphaVantageSource({
      ...web,
      calendarOf,
      apiKey: secret('ALPHAVANTAGE_API_KEY'),
      full: terms.full,
    });
  const apiKey = secret('FINNHUB_API_KEY');
  return finnhubSource({ ...web, calendarOf, apiKey, cryptoExchange: terms.crypto_exchange });
}

/** What a source that is asked over HTTP is opened with. */
export function webTerms(terms: WebTermsOf, { name }: Pick<SourceUse, 'name'>, world: SourceWorld): WebTerms {
  return {
    nowMs: () => world.clock.nowMs(),
    newRequestId: world.newRequestId,
    retryWorld: world.retryWorld,
    pacer: pacerFor(name, terms, world.pacer),
    ...(terms.origin !== undefined && { origin: terms.origin }),
    ...(terms.timeout_ms !== undefined && { timeoutMs: terms.timeout_ms }),
  };
}

function csvPlace(terms: SourceTermsOf<'csv'>, folder: string): CsvPlace {
  const { file, instrument, timeframe } = terms;
  if (terms.folder !== undefined) return { dir: below(folder, terms.folder) };
  if (file !== undefined && instrument !== undefined && timeframe !== undefined)
    return { file: below(folder, file), instrument, timeframe };
  return { file: defaultCsvFile(), instrument: DEFAULT_INSTRUMENT, timeframe: DEFAULT_TIMEFRAME };
}

const below = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));
