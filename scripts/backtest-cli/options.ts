import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { originOf, portBaseOf, timeOf, UsageError, wholeOf } from '../command-line/option-values.ts';

const OPTIONS = {
  strategy: { type: 'string' },
  instrument: { type: 'string' },
  timeframe: { type: 'string' },
  stream: { type: 'string', multiple: true, default: [] as string[] },
  bars: { type: 'string' },
  calendar: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  params: { type: 'string' },
  costs: { type: 'string' },
  rules: { type: 'string' },
  policies: { type: 'string' },
  cash: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  model: { type: 'string' },
  'model-use': { type: 'string' },
  'allow-in-sample': { type: 'boolean', default: false },
  sweep: { type: 'string' },
  criterion: { type: 'string', default: 'sharpe' },
  'walk-forward': { type: 'boolean', default: false },
  train: { type: 'string' },
  test: { type: 'string' },
  anchored: { type: 'boolean', default: false },
  purge: { type: 'string', default: '0d' },
  embargo: { type: 'string', default: '0d' },
  scenarios: { type: 'boolean', default: false },
  check: { type: 'string' },
  times: { type: 'string', default: '20' },
  out: { type: 'string', default: 'backtest-out' },
  json: { type: 'boolean', default: false },
  url: { type: 'string' },
  'ingester-url': { type: 'string' },
  data: { type: 'string', default: '.aistock' },
  'port-base': { type: 'string', default: '8000' },
  help: { type: 'boolean', default: false },
} satisfies ParseArgsOptionsConfig;

/** The words of the command line as they were given. */
export type Words = ReturnType<typeof parseWords>;

export interface Options {
  readonly words: Words;
  readonly strategy: string;
  /** Unix ms; all that there is where it is not told. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly seed: number;
  /** Absolute paths. */
  readonly bars: string | undefined;
  readonly out: string;
  readonly dataDir: string;
  readonly portBase: number;
  readonly url: string | undefined;
  readonly ingesterUrl: string | undefined;
}

/** @returns `'help'` where that was asked for. @throws UsageError. */
export function parseOptions(args: readonly string[], cwd: string): Options | 'help' {
  const words = parseWords(args);
  if (words.help) return 'help';
  const { strategy } = words;
  if (strategy === undefined)
    throw new UsageError('--strategy is missing, such as --strategy trend_following');
  refuseContradictions(words);
  const fromMs = words.from === undefined ? undefined : timeOf('--from', words.from);
  const toMs = words.to === undefined ? undefined : timeOf('--to', words.to);
  if (fromMs !== undefined && toMs !== undefined && toMs <= fromMs)
    throw new UsageError('--to must be after --from');
  return {
    words,
    strategy,
    fromMs,
    toMs,
    seed: wholeOf('--seed', words.seed, [0, 4_294_967_295]),
    bars: words.bars === undefined ? undefined : resolve(cwd, words.bars),
    out: resolve(cwd, words.out),
    dataDir: resolve(cwd, words.data),
    portBase: portBaseOf(words['port-base']),
    url: words.url === undefined ? undefined : originOf('--url', words.url),
    ingesterUrl:
      words['ingester-url'] === undefined ? undefined : originOf('--ingester-url', words['ingester-url']),
  };
}

function refuse(wrong: boolean, why: string): void {
  if (wrong) throw new UsageError(why);
}

function refuseContradictions(words: Words): void {
  const studies = [words.sweep !== undefined, words.scenarios, words.check !== undefined].filter(
    Boolean,
  ).length;
  refuse(studies > 1, 'only one of --sweep, --scenarios and --check can be run at a time');
  refuse(
    words['walk-forward'] && words.sweep === undefined,
    '--walk-forward needs --sweep with what to choose from',
  );
  refuse(
    words['walk-forward'] && (words.train === undefined || words.test === undefined),
    '--walk-forward needs --train and --test, such as --train 180d --test 60d',
  );
  refuse(
    words.check !== undefined && words.check !== 'lookahead' && words.check !== 'recursive',
    `--check must be lookahead or recursive, not ${words.check}`,
  );
  refuse(words.bars !== undefined && words.url !== undefined, '--bars runs here: it needs no --url');
  refuse(
    words.bars !== undefined && words.stream.length > 0,
    '--bars is a stream of its own: name it by --instrument',
  );
  refuse(
    words.bars !== undefined && words.model !== undefined,
    '--model needs ml_service, which --bars does without',
  );
  refuse(
    words.bars === undefined && words.instrument === undefined && words.stream.length === 0,
    'which bars? give --bars FILE.csv, or --instrument or --stream of bars that ./scripts/ingest fetched',
  );
}

function parseWords(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
