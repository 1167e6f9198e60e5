import { CHUNK_BARS_MAX } from '@aistock/lake';
import { CALENDARS, type Timeframe } from '@aistock/market';
import { baseEnv, ConfigError, envInt, envNumber, lakeEnv, loadConfig, type Env } from '@aistock/service-kit';
import { Instrument, Timeframe as TimeframeSchema } from '@aistock/shared';
import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';
import { DEFAULT_INSTRUMENT, DEFAULT_TIMEFRAME } from './default-data.ts';
import { secretsEnv } from './sources/source-secrets.ts';
import { CSV_EXCHANGE } from './stream-spec.ts';

const SYMBOLS_MAX = 100;
const CHUNK_BARS_DEFAULT = 1_000;
const FAULTY_SHARE_DEFAULT = 0.01;

const timeframes = TimeframeSchema.options.join(', ');
const path = () => z.string().refine((text) => !text.includes('\0'), 'must not hold NUL');

const symbols = z
  .string()
  .transform((text) => text.split(',').map((symbol) => symbol.trim()))
  .refine((list) => list.length <= SYMBOLS_MAX, `must name at most ${SYMBOLS_MAX} instruments`)
  .refine((list) => list.every((symbol) => Instrument.safeParse(symbol).success), {
    message: 'must be instruments such as SP500 or BTC/USDT, upper case, parted by commas',
    abort: true,
  })
  .refine((list) => new Set(list).size === list.length, 'must not name an instrument twice');

const ingesterEnv = z.object({
  ...baseEnv,
  ...lakeEnv,
  ...secretsEnv,
  /** Where bars come from: `csv`, or an exchange by its name in ccxt. */
  EXCHANGE: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,31}$/, 'must be csv or an exchange of ccxt such as binance, in lower case')
    .default(CSV_EXCHANGE),
  /** A YAML file that describes sources and streams, in place of the short form: the variables of {@link SHORT_FORM}. */
  SOURCES_FILE: path().optional(),
  SYMBOLS: symbols.optional(),
  TIMEFRAME: z.enum(TimeframeSchema.options, `must be one of ${timeframes}`).optional(),
  CSV_DIR: path().optional(),
  CSV_FILE: path().optional(),
  INGEST_CHUNK_BARS: envInt(1, CHUNK_BARS_MAX).default(CHUNK_BARS_DEFAULT),
  CALENDAR: z.enum(CALENDARS, `must be one of ${CALENDARS.join(', ')}`).optional(),
  GAP_MEANING: z.enum(['session', 'trades_only'], 'must be session or trades_only').default('session'),
  /** Where an exchange's series starts, Unix ms or a day in UTC. */
  START_MS: envInt(0, 8_640_000_000_000).optional(),
  START_DATE: z.iso.date('must be a day such as 2024-01-31').optional(),
  /** Above this share of faulty bars a whole chunk is quarantined. */
  QC_FAULTY_SHARE_MAX: envNumber(0, 1).default(FAULTY_SHARE_DEFAULT),
  /** When to ingest besides on request; never unless told. */
  INGEST_CRON: z
    .string()
    .refine(isCronExpression, 'must be a cron expression such as */5 * * * *')
    .optional(),
});

export type Config = Readonly<z.output<typeof ingesterEnv>>;

/** The short form of what a sources file says. */
const SHORT_FORM = [
  'EXCHANGE',
  'SYMBOLS',
  'TIMEFRAME',
  'CSV_DIR',
  'CSV_FILE',
  'CALENDAR',
  'GAP_MEANING',
  'START_MS',
  'START_DATE',
  'INGEST_CRON',
] as const satisfies readonly (keyof Config)[];

/** @throws ConfigError with every problem. */
export function ingesterConfig(env: Env): Config {
  const config = loadConfig(ingesterEnv, env);
  const problems = config.SOURCES_FILE ? shortFormBeside(env) : contradictions(config);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Two descriptions of the same thing: neither is taken for the right one. */
function shortFormBeside(env: Env): string[] {
  const given = SHORT_FORM.filter((name) => env[name]);
  if (given.length === 0) return [];
  return [
    `SOURCES_FILE: is set beside ${given.join(', ')}; describe streams in the file or by those, not both`,
  ];
}

function contradictions(config: Config): string[] {
  const { EXCHANGE, SYMBOLS = [], CSV_DIR, CSV_FILE } = config;
  const problems: string[] = [];
  if (config.START_MS !== undefined && config.START_DATE !== undefined)
    problems.push('START_DATE: is set beside START_MS; give only one');
  if (EXCHANGE !== CSV_EXCHANGE) {
    if (SYMBOLS.length === 0)
      problems.push(`SYMBOLS: is not set; name what to fetch from ${EXCHANGE}, such as BTC/USDT`);
    if (CSV_DIR ?? CSV_FILE)
      problems.push(`EXCHANGE: must be csv where CSV_DIR or CSV_FILE is set, but is "${EXCHANGE}"`);
    return problems;
  }
  if (CSV_DIR && CSV_FILE) problems.push('CSV_FILE: is set beside CSV_DIR; give only one');
  if (!CSV_DIR && !CSV_FILE) problems.push(...otherThanDefault(config));
  if (CSV_FILE && SYMBOLS.length !== 1)
    problems.push('SYMBOLS: must name the one instrument that CSV_FILE holds');
  return problems;
}

/** Without a folder or a file there is only the series that ships with this project. */
function otherThanDefault({
  SYMBOLS = [DEFAULT_INSTRUMENT],
  TIMEFRAME = DEFAULT_TIMEFRAME,
}: Config): string[] {
  const problems: string[] = [];
  if (SYMBOLS.some((symbol) => symbol !== DEFAULT_INSTRUMENT))
    problems.push(`SYMBOLS: must be ${DEFAULT_INSTRUMENT} unless CSV_DIR, CSV_FILE or EXCHANGE is set`);
  if (TIMEFRAME !== DEFAULT_TIMEFRAME)
    problems.push(`TIMEFRAME: must be ${DEFAULT_TIMEFRAME} unless CSV_DIR, CSV_FILE or EXCHANGE is set`);
  return problems;
}

const TIMEFRAME_DEFAULT: Timeframe = '1d';

export function timeframeOf(config: Config): Timeframe {
  return config.TIMEFRAME ?? TIMEFRAME_DEFAULT;
}

/** Where an exchange's series starts; undefined where it is not told. */
export function startMsOf(config: Config): number | undefined {
  return config.START_DATE === undefined ? config.START_MS : Date.parse(config.START_DATE);
}
