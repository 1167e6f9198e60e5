import type { Timeframe } from '@aistock/market';
import { ConfigError, type Clock } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { csvSource, csvSourcesIn, isTradesOnly, type BarSource, type CsvTerms } from '@aistock/venues';
import { startMsOf, timeframeOf, type Config } from '../config.ts';
import { DEFAULT_INSTRUMENT, DEFAULT_TIMEFRAME, defaultCsvFile } from '../default-data.ts';
import {
  calendarOf,
  CSV_EXCHANGE,
  type ConfiguredSources,
  type ConfiguredStream,
  type StreamFacts,
} from '../stream-spec.ts';
import { assertReadable } from './open-source.ts';
import { named, type OpenedSource, type SourceOpener } from './opened-sources.ts';
import type { StreamDefaults } from './stream-defaults.ts';

const NOTHING_TOLD: StreamFacts = { feed: null, adjustment: null, session: null, tickSize: null };
/** Named in an error at most. */
const NAMED_MAX = 20;

/**
 * The streams that the variables EXCHANGE, SYMBOLS, TIMEFRAME, CSV_DIR and their like name, each with its source.
 * @throws ConfigError where there is no such exchange, folder, file or stream.
 */
export async function envStreams(
  config: Config,
  defaults: StreamDefaults,
  opener: SourceOpener,
  clock: Clock,
): Promise<ConfiguredSources> {
  const found =
    config.EXCHANGE === CSV_EXCHANGE
      ? { streams: await fileStreams(config, clock), sources: [] }
      : await exchangeStreams(config, defaults, opener);
  const { chunkBars, quality } = defaults;
  const schedule = config.INGEST_CRON === undefined ? undefined : { cron: config.INGEST_CRON };
  const streams = found.streams.map((stream) => ({ ...stream, chunkBars, quality, schedule }));
  return { streams, sources: found.sources };
}

/** A stream without what all streams of the short form have in common. */
type EnvStream = Omit<ConfiguredStream, 'chunkBars' | 'quality' | 'schedule'>;

async function exchangeStreams(
  config: Config,
  defaults: StreamDefaults,
  opener: SourceOpener,
): Promise<{ streams: EnvStream[]; sources: OpenedSource[] }> {
  const terms = { kind: 'ccxt' as const, exchange: config.EXCHANGE, sandbox: false };
  const use = { name: config.EXCHANGE, folder: '.', calendarOf };
  const opened = await opener.open(terms, use, 'EXCHANGE');
  const timeframe = timeframeOf(config);
  const startMs = startMsOf(config) ?? defaults.startMs(timeframe);
  const streams = (config.SYMBOLS ?? []).map((instrument) => ({
    ...streamOf(config, opened.source, { instrument, timeframe }, startMs),
    budget: opened.budget,
  }));
  return { streams, sources: [opened] };
}

async function fileStreams(config: Config, clock: Clock): Promise<EnvStream[]> {
  const terms: CsvTerms = {
    calendarOf: (instrument) => config.CALENDAR ?? calendarOf(instrument),
    nowMs: () => clock.nowMs(),
    timeframe: timeframeOf(config),
    tradesOnly: config.GAP_MEANING === 'trades_only',
  };
  if (config.CSV_DIR) return folderStreams(config, config.CSV_DIR, terms);
  const { CSV_FILE } = config;
  if (CSV_FILE) await named('CSV_FILE', () => assertReadable(CSV_FILE));
  const series = {
    instrument: config.SYMBOLS?.[0] ?? DEFAULT_INSTRUMENT,
    timeframe: config.CSV_FILE ? timeframeOf(config) : DEFAULT_TIMEFRAME,
  };
  const from = csvSource(CSV_EXCHANGE, { file: config.CSV_FILE ?? defaultCsvFile(), ...series }, terms);
  return [streamOf(config, from, series, startMsOf(config))];
}

async function folderStreams(config: Config, folder: string, terms: CsvTerms): Promise<EnvStream[]> {
  const sources = await named('CSV_DIR', () => csvSourcesIn(folder, terms));
  const found: EnvStream[] = [];
  for (const source of sources)
    for (const series of await named('CSV_DIR', () => source.listStreams()))
      found.push(streamOf(config, source, series, startMsOf(config)));

  const missing = (config.SYMBOLS ?? []).filter(
    (symbol) => !found.some((each) => each.instrument === symbol),
  );
  if (missing.length > 0)
    throw new ConfigError([`SYMBOLS: CSV_DIR has no ${missing.join(', ')}, but ${tell(found)}`]);
  const wanted = found.filter(
    (each) =>
      (config.SYMBOLS?.includes(each.instrument) ?? true) &&
      each.timeframe === (config.TIMEFRAME ?? each.timeframe),
  );
  if (wanted.length > 0) return wanted;
  throw new ConfigError([
    found.length > 0
      ? `TIMEFRAME: CSV_DIR has no such bars, but ${tell(found)}`
      : 'CSV_DIR: holds no file such as BTC-USDT.csv, BTC-USDT/1m.csv.gz or binance/BTC-USDT/1m.csv',
  ]);
}

function tell(streams: readonly EnvStream[]): string {
  const names = streams.slice(0, NAMED_MAX).map(({ stream }) => stream);
  return names.join(', ') + (streams.length > NAMED_MAX ? ` and ${streams.length - NAMED_MAX} more` : '');
}

function streamOf(
  config: Config,
  from: BarSource,
  { instrument, timeframe }: { instrument: string; timeframe: Timeframe },
  startMs: number | undefined,
): EnvStream {
  const { EXCHANGE, CALENDAR, GAP_MEANING, CSV_DIR, CSV_FILE } = config;
  const described = [EXCHANGE, CALENDAR, GAP_MEANING, CSV_DIR, CSV_FILE].map((value) => value ?? null);
  return {
    stream: `${from.name}:${instrument}:${timeframe}`,
    source: from.name,
    instrument,
    timeframe,
    calendar: config.CALENDAR ?? calendarOf(instrument),
    gapMeaning: isTradesOnly(from, timeframe) ? 'trades_only' : 'session',
    from,
    fromFile: config.EXCHANGE === CSV_EXCHANGE,
    startMs,
    facts: NOTHING_TOLD,
    compare: undefined,
    budget: undefined,
    configHash: sha256Hex(canonicalJson(described)),
  };
}
