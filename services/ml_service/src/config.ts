import { baseEnv, envFlag, envInt, envNumber, envPeer, lakeEnv } from '@aistock/service-kit';
import { strategySchemasEnv } from '@aistock/strategy-schemas';
import { z } from 'zod';

const STATES_MAX = 8;
const STATES_LISTED_MAX = 8;
const DAY_MS = 86_400_000;
const PATTERNS_MAX = 100;

const statesList = z
  .string()
  .regex(/^\d{1,2}(,\d{1,2})*$/, {
    message: 'must be whole numbers parted by commas, such as 2,3,4',
    abort: true,
  })
  .transform((text) => text.split(',').map(Number))
  .refine(
    (states) =>
      states.length <= STATES_LISTED_MAX &&
      new Set(states).size === states.length &&
      states.every((count) => count >= 2 && count <= STATES_MAX),
    `must be different numbers from 2 to ${STATES_MAX}, at most ${STATES_LISTED_MAX} of them`,
  );

const streamPatterns = z
  .string()
  .transform((text) => text.split(',').map((pattern) => pattern.trim()))
  .refine((patterns) => patterns.length <= PATTERNS_MAX, `must have at most ${PATTERNS_MAX} patterns`)
  .refine(
    (patterns) => patterns.every((pattern) => /^[a-zA-Z0-9_./:*-]{1,100}$/.test(pattern)),
    'must be streams with * for any text, parted by commas, such as binance:*,*:1d',
  );

export const configSchema = z.object({
  ...baseEnv,
  ...lakeEnv,
  ...strategySchemasEnv,
  DATA_INGESTER_URL: envPeer('data_ingester'),
  /** Train on newly claimed bars only, and carry statistics forward; otherwise on a sliding window. */
  EXACTLY_ONCE: envFlag().default(false),
  /** Remove raw files and the answers behind them once they are processed and the curated store holds their bars. */
  DELETE_AFTER_PROCESS: envFlag().default(false),
  /** Streams whose raw files are never removed, such as those that research reads. */
  RETENTION_KEEP: streamPatterns.default([]),
  ALGORITHM: z
    .enum(
      ['hmm_gaussian_diagonal', 'hmm_gaussian_full'],
      'must be hmm_gaussian_diagonal or hmm_gaussian_full',
    )
    .default('hmm_gaussian_diagonal'),
  /** Numbers of states to try; the Bayesian information criterion chooses. */
  STATES: statesList.default([2, 3, 4]),
  HOLDOUT_FRACTION: envNumber(0.05, 0.5).default(0.2),
  /** Trainings at a time, each in a thread of its own; one less than there are cores unless told. */
  TRAINING_THREADS: envInt(1, 64).optional(),
  WINDOW_BARS_MAX: envInt(200, 1_000_000).default(20_000),
  TRAIN_BARS_MIN: envInt(50, 1_000_000).default(250),
  /** Nats a bar by which a challenger must be better on the hold-out. */
  PROMOTION_MARGIN: envNumber(0, 10).default(0.001),
  /** Days until a model expires. */
  MODEL_EXPIRY: envNumber(0.01, 3_650).default(30),
  /** Models that were champion before and can be gone back to. */
  REGISTRY_KEEP: envInt(1, 100).default(10),
  /** The Ed25519 key as PEM that signs reports of models; made at the first start. Apart from the database, so that a rewrite shows. */
  REPORT_KEY_FILE: z.string().min(1).default('.aistock/reports/report-key.pem'),
  /** Name of the key in signatures. */
  REPORT_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'must be a name such as example.com/models, without spaces and plus signs')
    .default('aistock.local/models'),
  /** Days that a challenger runs beside a champion that trades money; a strategy's file may set its own. */
  SHADOW_DAYS: envNumber(0, 180).default(5),
  /** The same beside one that does not. */
  SHADOW_DAYS_PAPER: envNumber(0, 180).default(0),
  /** How often models are held to the bars that came. */
  SHADOW_EVERY_S: envNumber(0.1, 3_600).default(30),
  /** How often champions are looked for that have expired. */
  DEMOTION_EVERY_S: envNumber(0.1, 3_600).default(5),
});

export type Config = Readonly<z.output<typeof configSchema>>;

export function modelLifeMs(config: Config): number {
  return Math.round(config.MODEL_EXPIRY * DAY_MS);
}
