import { ConfigError } from '@aistock/service-kit';
import type { Pacer } from '@aistock/venues';
import type { Budget } from '@aistock/venue-budget';
import type { Config } from './config.ts';
import { envStreams } from './sources/env-streams.ts';
import { webTerms, type SourceWorld } from './sources/open-source.ts';
import { SourceOpener } from './sources/opened-sources.ts';
import { SourceTerms } from './sources/source-terms.ts';
import { readSourcesFile, type SourcesFile } from './sources/sources-file.ts';
import { streamDefaults } from './sources/stream-defaults.ts';
import { budgetsOf } from './sources/venues.ts';
import { yamlStreams } from './sources/yaml-streams.ts';
import type { ConfiguredSources } from './stream-spec.ts';
import { earningsCalendar, type EarningsCalendar } from './universe/earnings-calendar.ts';
import type { UniverseTerms } from './universe/universe-terms.ts';

const STREAMS_MAX = 1_000;
const FINNHUB = ['finnhub', SourceTerms.parse({ kind: 'finnhub' })] as const;

export interface World extends Omit<SourceWorld, 'pacer' | 'budgets' | 'secrets'> {
  /** Keeps requests within the budgets that the configuration tells, and those that are known of other venues. */
  readonly pacerOf: (budgets: Readonly<Record<string, Budget>>) => Pacer;
}

/** Everything that the configuration describes, with the budgets that it tells. */
export interface Configured extends ConfiguredSources {
  readonly budgets: Readonly<Record<string, Budget>>;
  /** By name. */
  readonly universes: Readonly<Record<string, UniverseTerms>>;
  readonly earnings: EarningsCalendar;
}

/**
 * The streams that the configuration names, each with its source: by the file that SOURCES_FILE names, or by the short
 * form in the environment.
 * @throws ConfigError where there is no such exchange, folder, file or stream.
 */
export async function configuredStreams(config: Config, world: World): Promise<Configured> {
  const defaults = streamDefaults(config, world.clock);
  const file = config.SOURCES_FILE === undefined ? undefined : await readSourcesFile(config.SOURCES_FILE);
  const budgets = file ? budgetsOf(file.sources) : {};
  const opened = { ...world, pacer: world.pacerOf(budgets), budgets, secrets: config };
  const opener = new SourceOpener(opened);
  const configured = file
    ? await yamlStreams(file, defaults, opener)
    : await envStreams(config, defaults, opener, world.clock);
  const count = configured.streams.length;
  const universes = file?.universes ?? {};
  const earnings = earningsFrom(file, opened);
  if (count <= STREAMS_MAX) return { ...configured, budgets, universes, earnings };
  const where = file ? 'SOURCES_FILE' : 'SYMBOLS';
  throw new ConfigError([`${where}: there are ${count} streams, more than ${STREAMS_MAX}; name some`]);
}

/** Finnhub is asked as the sources file says, also where no stream is of it. */
function earningsFrom(file: SourcesFile | undefined, world: SourceWorld): EarningsCalendar {
  const [name, terms] =
    Object.entries(file?.sources ?? {}).find(([, { kind }]) => kind === 'finnhub') ?? FINNHUB;
  if (terms.kind !== 'finnhub') throw new TypeError(`${name} is not of kind finnhub`);
  return earningsCalendar(webTerms(terms, { name }, world), world.secrets.FINNHUB_API_KEY?.reveal());
}
