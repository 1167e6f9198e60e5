import type { Timeframe } from '@aistock/market';
import { ConfigError } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { failoverSource, isTradesOnly, type BarSource } from '@aistock/venues';
import { calendarOf, type ConfiguredSources, type ConfiguredStream } from '../stream-spec.ts';
import type { OpenedSource, SourceOpener } from './opened-sources.ts';
import { calendarsOf, type SourcesFile } from './sources-file.ts';
import type { StreamDefaults } from './stream-defaults.ts';
import type { StreamTerms } from './stream-terms.ts';

/**
 * The streams of a sources file, each with its source, and all of its sources.
 * @throws ConfigError where a source cannot be opened, or sources of one chain do not give the same bars.
 */
export async function yamlStreams(
  file: SourcesFile,
  defaults: StreamDefaults,
  opener: SourceOpener,
): Promise<ConfiguredSources> {
  const opened = await openAll(file, opener);
  const streams = file.streams.flatMap((entry) => streamsOf(file, entry, defaults, opened));
  return { streams, sources: [...opened.values()] };
}

type OpenedByName = ReadonlyMap<string, OpenedSource>;

/** Every source that the file describes, used or not: a slip in one shows at the start. */
async function openAll(file: SourcesFile, opener: SourceOpener): Promise<OpenedByName> {
  const calendars = new Map(file.streams.flatMap(calendarsOf));
  const opened = new Map<string, OpenedSource>();
  for (const [name, terms] of Object.entries(file.sources)) {
    const use = {
      name,
      folder: file.folder,
      calendarOf: (instrument: string) => calendars.get(`${name} ${instrument}`) ?? calendarOf(instrument),
    };
    opened.set(name, await opener.open(terms, use, `SOURCES_FILE: sources.${name}`));
  }
  return opened;
}

function streamsOf(
  file: SourcesFile,
  entry: StreamTerms,
  defaults: StreamDefaults,
  opened: OpenedByName,
): ConfiguredStream[] {
  const source = entry.name ?? entry.sources[0]!;
  const chain = entry.sources.map((name) => sourceOf(opened, name));
  const from = chainOf(source, chain);
  const fromFile = chain.every(({ kind }) => kind === 'csv');
  const compare = entry.compare && {
    against: sourceOf(opened, entry.compare.with).guarded,
    toleranceBps: entry.compare.tolerance_bps,
  };
  const facts = {
    feed: from.facts?.feed ?? null,
    adjustment: from.facts?.adjustment ?? null,
    session: entry.session ?? null,
    tickSize: entry.tick_size ?? null,
  };
  const configHash = hashOf(file, entry);
  const streamOf = (instrument: string, timeframe: Timeframe): ConfiguredStream => ({
    stream: `${source}:${instrument}:${timeframe}`,
    source,
    instrument,
    timeframe,
    calendar: entry.calendar ?? calendarOf(instrument),
    gapMeaning: isTradesOnly(from, timeframe) ? 'trades_only' : 'session',
    facts,
    from,
    fromFile,
    startMs: entry.start ?? (fromFile ? undefined : defaults.startMs(timeframe)),
    chunkBars: entry.chunk_bars ?? defaults.chunkBars,
    quality: entry.quality ?? defaults.quality,
    schedule: entry.schedule,
    recheck: entry.recheck,
    compare,
    budget: chain[0]?.budget,
    configHash,
  });
  return entry.instruments.flatMap((instrument) =>
    entry.timeframes.map((timeframe) => streamOf(instrument, timeframe)),
  );
}

/** Of what the entry says for all of its streams, with the sources that it names. */
function hashOf(file: SourcesFile, entry: StreamTerms): string {
  const sources = entry.sources.map((name) => file.sources[name] ?? null);
  return sha256Hex(canonicalJson({ ...entry, instruments: [], timeframes: [], sources }));
}

/** Only names that the file describes come here: it was checked when it was read. */
function sourceOf(opened: OpenedByName, name: string): OpenedSource {
  const source = opened.get(name);
  if (source === undefined) throw new Error(`no source ${name}`);
  return source;
}

function chainOf(name: string, chain: readonly OpenedSource[]): BarSource {
  const [only, ...others] = chain;
  if (only !== undefined && others.length === 0) return only.source;
  try {
    return failoverSource(
      name,
      chain.map(({ guarded }) => guarded),
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError([`SOURCES_FILE: ${error.message}; give each of them a stream of its own`]);
  }
}
