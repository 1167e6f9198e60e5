import type { Timeframe } from '@aistock/market';
import { ConfigError } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { SourceError, type BarSource } from '@aistock/venues';
import { calendarOf, type ConfiguredStream, type StreamFacts } from '../stream-spec.ts';
import { openSource, type SourceWorld } from './open-source.ts';
import { calendarsOf, type SourcesFile } from './sources-file.ts';
import type { StreamDefaults } from './stream-defaults.ts';
import type { StreamTerms } from './stream-terms.ts';

/**
 * The streams of a sources file, each with its source.
 * @throws ConfigError where a source cannot be opened, or sources of one chain do not give the same bars.
 */
export async function yamlStreams(
  file: SourcesFile,
  defaults: StreamDefaults,
  world: SourceWorld,
): Promise<ConfiguredStream[]> {
  const opened = await openAll(file, world);
  return file.streams.flatMap((entry) => streamsOf(file, entry, defaults, opened));
}

type OpenedSources = ReadonlyMap<string, BarSource>;

/** Every source that the file describes, used or not: a slip in one shows at the start. */
async function openAll(file: SourcesFile, world: SourceWorld): Promise<OpenedSources> {
  const calendars = new Map(file.streams.flatMap(calendarsOf));
  const opened = new Map<string, BarSource>();
  for (const [name, terms] of Object.entries(file.sources)) {
    const use = {
      folder: file.folder,
      calendarOf: (instrument: string) => calendars.get(`${name} ${instrument}`) ?? calendarOf(instrument),
    };
    opened.set(name, await named(name, () => openSource(name, terms, world, use)));
  }
  return opened;
}

function streamsOf(
  file: SourcesFile,
  entry: StreamTerms,
  defaults: StreamDefaults,
  opened: OpenedSources,
): ConfiguredStream[] {
  const chain = entry.sources.map((name) => sourceOf(opened, name));
  const source = entry.name ?? entry.sources[0]!;
  assertOneAdjustment(source, chain);
  const from = chainOf(source, chain);
  const fromFile = entry.sources.every((name) => file.sources[name]?.kind === 'csv');
  const compare = entry.compare && {
    against: sourceOf(opened, entry.compare.with),
    toleranceBps: entry.compare.tolerance_bps,
  };
  const configHash = hashOf(file, entry);
  const streamOf = (instrument: string, timeframe: Timeframe): ConfiguredStream => ({
    stream: `${source}:${instrument}:${timeframe}`,
    source,
    instrument,
    timeframe,
    calendar: entry.calendar ?? calendarOf(instrument),
    gapMeaning: from.tradesOnly ? 'trades_only' : 'session',
    facts: factsOf(entry, chain),
    from,
    fromFile,
    startMs: entry.start ?? (fromFile ? undefined : defaults.startMs(timeframe)),
    chunkBars: entry.chunk_bars ?? defaults.chunkBars,
    quality: entry.quality ?? defaults.quality,
    schedule: entry.schedule,
    compare,
    configHash,
  });
  return entry.instruments.flatMap((instrument) =>
    entry.timeframes.map((timeframe) => streamOf(instrument, timeframe)),
  );
}

function factsOf(entry: StreamTerms, chain: readonly BarSource[]): StreamFacts {
  return {
    feed: chain[0]?.facts?.feed ?? null,
    adjustment: chain[0]?.facts?.adjustment ?? null,
    session: entry.session ?? null,
    tickSize: entry.tick_size ?? null,
  };
}

/** Of what the entry says for all of its streams, with the sources that it names. */
function hashOf(file: SourcesFile, { instruments: _, timeframes: __, ...terms }: StreamTerms): string {
  const sources = terms.sources.map((name) => file.sources[name] ?? null);
  return sha256Hex(canonicalJson({ ...terms, sources }));
}

/** Only names that the file describes come here: it was checked when it was read. */
function sourceOf(opened: OpenedSources, name: string): BarSource {
  const source = opened.get(name);
  if (source === undefined) throw new Error(`no source ${name}`);
  return source;
}

/** Raw prices and split-adjusted ones of the same day differ by factors: one series must not hold both. */
function assertOneAdjustment(stream: string, chain: readonly BarSource[]): void {
  const told = chain.map(({ name, facts }) => ({ name, adjustment: facts?.adjustment ?? 'unknown' }));
  if (told.every(({ adjustment }) => adjustment === told[0]?.adjustment)) return;
  const words = told.map(({ name, adjustment }) => `${name} ${adjustment}`).join(', ');
  throw new ConfigError([
    `SOURCES_FILE: the chain of ${stream} mixes prices of different adjustment (${words}); give all the same, or a stream to each`,
  ]);
}

function chainOf(name: string, sources: readonly BarSource[]): BarSource {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return only;
  throw new ConfigError([`SOURCES_FILE: ${name}: chains are not supported`]);
}

/** What a source says against its configuration, under its name. */
async function named<T>(source: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new ConfigError([`SOURCES_FILE: sources.${source}: ${error.message}`]);
  }
}
