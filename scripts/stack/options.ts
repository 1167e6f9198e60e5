import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `Starts AIStock on this machine: Postgres, every service, one run of the pipeline on real bars.

  ./scripts/start [options]

  --once           run the pipeline once, stop everything, exit 0 only if every step held
  --json           with --once: progress on stderr, one JSON object on stdout
  --data DIR       where state is kept (default .aistock)
  --port-base N    the services listen from N+1 on (default 8000)
  --fresh          remove the state in DIR first; asks before it does
  --yes            with --fresh: do not ask
  --help           this page

Environment: EXCHANGE, SYMBOLS, TIMEFRAME, CSV_DIR choose the bars (README.md lists all);
DATABASE_URL uses your Postgres instead of the one that comes with npm.
`;

export interface Options {
  readonly once: boolean;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly yes: boolean;
  readonly help: boolean;
  readonly dataDir: string;
  readonly portBase: number;
}

/** A command line that cannot be followed; the message says which word and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const PORT_BASE_MIN = 1024;
const PORT_BASE_MAX = 65_000;

export function parseOptions(args: readonly string[], cwd: string): Options {
  const { values } = parse(args);
  if (values.json && !values.once) throw new UsageError('--json goes with --once');
  if (values.yes && !values.fresh) throw new UsageError('--yes goes with --fresh');
  return {
    once: values.once,
    json: values.json,
    fresh: values.fresh,
    yes: values.yes,
    help: values.help,
    dataDir: resolve(cwd, values.data),
    portBase: parsePortBase(values['port-base']),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        data: { type: 'string', default: '.aistock' },
        'port-base': { type: 'string', default: '8000' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function parsePortBase(text: string): number {
  const portBase = Number(text);
  if (/^\d+$/.test(text) && portBase >= PORT_BASE_MIN && portBase <= PORT_BASE_MAX) return portBase;
  throw new UsageError(
    `--port-base must be a whole number from ${PORT_BASE_MIN} to ${PORT_BASE_MAX}, not ${text}`,
  );
}
