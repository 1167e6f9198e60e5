import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { originOf, portBaseOf, timeOf, UsageError } from '../command-line/option-values.ts';

export const USAGE = `Fetches the history of streams: resumable, several side by side, within the budgets of their venues.

  ./scripts/ingest --since 2024-01-01 [--until DAY] [--config FILE] [--stream STREAM]... [options]

  --since DAY          from the start of this day on, in UTC; a time such as 2024-01-01T12:00:00Z also does
  --until DAY          bars that have closed by the start of this day; now unless told
  --config FILE        the sources and streams (infra/sources.yaml explains them);
                       the variables EXCHANGE, SYMBOLS and their like unless told
  --stream STREAM      only this one, such as binance:BTC/USDT:1m; may be given again
  --dry-run            only tell what would be fetched
  --json               one JSON object on standard output instead of a table
  --data DIR           where state is kept (default .aistock), as ./scripts/start keeps it
  --port-base N        Postgres and data_ingester listen above N (default 8000)
  --url URL            ask a data_ingester that runs already, and start nothing
  --help               this page

Without --url it starts Postgres and data_ingester itself, and stops them at the end. Ctrl-C keeps what was fetched:
the same command goes on where it stopped, and another one first ends what is left of its streams.

Exit code: 0 all done, 1 something failed, 2 the command line is wrong, 78 the configuration is, 130 Ctrl-C.
Environment: AUTH_TOKEN_OPERATOR, where data_ingester asks for a token; DATABASE_URL for a Postgres of yours.
`;

export interface Options {
  readonly sinceMs: number;
  /** Now where it is not told. */
  readonly untilMs: number | undefined;
  readonly config: string | undefined;
  /** All configured ones where none is told. */
  readonly streams: readonly string[];
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly dataDir: string;
  readonly portBase: number;
  readonly url: string | undefined;
}

/** @returns `'help'` where that was asked for. @throws UsageError. */
export function parseOptions(args: readonly string[], cwd: string): Options | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  if (values.since === undefined) throw new UsageError('--since is missing, such as --since 2024-01-01');
  const sinceMs = timeOf('--since', values.since);
  const untilMs = values.until === undefined ? undefined : timeOf('--until', values.until);
  if (untilMs !== undefined && untilMs <= sinceMs) throw new UsageError('--until must be after --since');
  if (values.url !== undefined && values.config !== undefined)
    throw new UsageError(
      '--config goes with a data_ingester of its own: the one at --url has its configuration',
    );
  return {
    sinceMs,
    untilMs,
    config: values.config === undefined ? undefined : resolve(cwd, values.config),
    streams: [...new Set(values.stream)],
    dryRun: values['dry-run'],
    json: values.json,
    dataDir: resolve(cwd, values.data),
    portBase: portBaseOf(values['port-base']),
    url: values.url === undefined ? undefined : originOf('--url', values.url),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        since: { type: 'string' },
        until: { type: 'string' },
        config: { type: 'string' },
        stream: { type: 'string', multiple: true, default: [] },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        data: { type: 'string', default: '.aistock' },
        'port-base': { type: 'string', default: '8000' },
        url: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
