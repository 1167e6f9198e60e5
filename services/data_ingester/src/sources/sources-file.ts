import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TIMEFRAME_MS, type Calendar } from '@aistock/market';
import { ConfigError } from '@aistock/service-kit';
import { Name } from '@aistock/shared';
import { SIP_DELAY_MS } from '@aistock/venues';
import { z } from 'zod';
import { calendarOf } from '../stream-spec.ts';
import { UniverseTerms } from '../universe/universe-terms.ts';
import { exactly } from './exactly.ts';
import { DELAY_S_MAX, SourceTerms } from './source-terms.ts';
import { SourceName, StreamTerms } from './stream-terms.ts';
import { readYaml } from './yaml-document.ts';

const BYTES_MAX = 1024 * 1024;
const SOURCES_MAX = 100;
const STREAM_ENTRIES_MAX = 500;
const UNIVERSES_MAX = 100;

const SourcesFileSchema = exactly({
  sources: z
    .record(SourceName, SourceTerms)
    .refine(
      (sources) => Object.keys(sources).length <= SOURCES_MAX,
      `must be at most ${SOURCES_MAX} sources`,
    ),
  streams: z.array(StreamTerms).min(1).max(STREAM_ENTRIES_MAX),
  universes: z
    .record(Name, UniverseTerms)
    .refine(
      (universes) => Object.keys(universes).length <= UNIVERSES_MAX,
      `must be at most ${UNIVERSES_MAX} universes`,
    )
    .default({}),
});

/** What `infra/sources.yaml` says, checked. */
export interface SourcesFile extends z.infer<typeof SourcesFileSchema> {
  /** What paths in the file start from. */
  readonly folder: string;
}

/** @throws ConfigError with every problem and its line; a secret is never repeated. */
export async function readSourcesFile(path: string): Promise<SourcesFile> {
  return { ...parseSources(await readText(path), path), folder: dirname(path) };
}

/**
 * @param name - what the file is called in messages.
 * @throws ConfigError.
 */
export function parseSources(text: string, name: string): z.infer<typeof SourcesFileSchema> {
  const fail = (problems: readonly string[]): never => {
    throw new ConfigError(problems.map((problem) => `SOURCES_FILE: ${name}, ${problem}`));
  };
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return fail(yaml.problems);
  const parsed = SourcesFileSchema.safeParse(yaml.value);
  if (!parsed.success) return fail(yaml.tell(parsed.error.issues));
  const faults = [
    ...unknownNames(parsed.data),
    ...contradictions(parsed.data),
    ...withoutStreams(parsed.data),
  ];
  if (faults.length > 0) return fail(faults.map(({ path, message }) => yaml.tellAt(path, message)));
  return parsed.data;
}

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
}

/** Names of sources that the file does not describe. */
function unknownNames({ sources, streams }: z.infer<typeof SourcesFileSchema>): Fault[] {
  const known = Object.keys(sources);
  return streams.flatMap((entry, at) =>
    [
      ...entry.sources.map((name, index) => ({ name, path: ['streams', at, 'sources', index] })),
      ...(entry.compare ? [{ name: entry.compare.with, path: ['streams', at, 'compare', 'with'] }] : []),
    ]
      .filter(({ name }) => !known.includes(name))
      .map(({ name, path }) => ({
        path,
        message: `must be one of sources (${known.join(', ')}), but is "${name}"`,
      })),
  );
}

/** Streams that two entries give, delays that are too long, and instruments that would be read by two calendars. */
function contradictions({ sources, streams }: z.infer<typeof SourcesFileSchema>): Fault[] {
  const faults: Fault[] = [];
  const given = new Set<string>();
  const calendars = new Map<string, Calendar>();
  for (const [at, entry] of streams.entries()) {
    const tell = (message: string): number => faults.push({ path: ['streams', at], message });
    for (const stream of streamIds(entry)) {
      if (given.has(stream)) tell(`${stream} is described twice`);
      given.add(stream);
    }
    const delayS = scheduleDelayS(entry);
    const late = entry.timeframes.find((timeframe) => delayS * 1_000 >= TIMEFRAME_MS[timeframe]);
    if (late !== undefined) tell(`schedule.delay_s must be less than a bar of ${late} lasts`);
    if (delayS + sourceDelayS(sources[entry.sources[0] ?? '']) > DELAY_S_MAX)
      tell(`schedule.delay_s and delay_s of the source together must be at most ${DELAY_S_MAX}`);
    for (const [of, calendar] of calendarsOf(entry)) {
      const other = calendars.get(of) ?? calendar;
      if (other !== calendar) tell(`${of} has the calendar ${calendar} here and ${other} elsewhere`);
      calendars.set(of, other);
    }
  }
  return faults;
}

const scheduleDelayS = ({ schedule }: StreamTerms): number =>
  schedule && 'delay_s' in schedule ? schedule.delay_s : 0;

function sourceDelayS(terms: SourceTerms | undefined): number {
  if (terms?.kind !== 'alpaca') return 0;
  return terms.delay_s ?? (terms.feed === 'sip' ? SIP_DELAY_MS / 1_000 : 0);
}

/** Universes of which somebody could never become a member, for want of a daily stream. */
function withoutStreams({ streams, universes }: z.infer<typeof SourcesFileSchema>): Fault[] {
  const given = streams.flatMap(streamIds);
  return Object.entries(universes).flatMap(([name, { source, instruments }]) => {
    const daily = given.filter((stream) => stream.startsWith(`${source}:`) && stream.endsWith(':1d'));
    if (daily.length === 0)
      return [{ path: ['universes', name, 'source'], message: `has no stream of 1d; it is "${source}"` }];
    return (instruments ?? [])
      .map((instrument, at) => ({ instrument, path: ['universes', name, 'instruments', at] }))
      .filter(({ instrument }) => !daily.includes(`${source}:${instrument}:1d`))
      .map(({ instrument, path }) => ({ path, message: `there is no stream ${source}:${instrument}:1d` }));
  });
}

/** The calendar of each `source instrument` of an entry. */
export function calendarsOf({ sources, compare, instruments, calendar }: StreamTerms): [string, Calendar][] {
  return [...sources, ...(compare ? [compare.with] : [])].flatMap((source) =>
    instruments.map((instrument): [string, Calendar] => [
      `${source} ${instrument}`,
      calendar ?? calendarOf(instrument),
    ]),
  );
}

/** The streams of one entry, by their ids. */
function streamIds({ name, sources, instruments, timeframes }: StreamTerms): string[] {
  return instruments.flatMap((instrument) =>
    timeframes.map((timeframe) => `${name ?? sources[0]}:${instrument}:${timeframe}`),
  );
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r');
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > BYTES_MAX) throw new Error(`it has more than ${BYTES_MAX} bytes`);
    return await file.readFile('utf8');
  } catch (error) {
    throw new ConfigError([`SOURCES_FILE: ${path} cannot be read (${(error as Error).message})`]);
  }
}
