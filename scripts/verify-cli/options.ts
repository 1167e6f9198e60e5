import { parseArgs } from 'node:util';

export const USAGE = `Verifies an exported audit log offline and names the first entry that is wrong.

  ./scripts/verify FILE [--checkpoints FILE] [--key KEY] [--json]
  ./scripts/verify --url http://127.0.0.1:8006 --out FILE [--key KEY] [--json]

  FILE                 the entries, one JSON object a line
  --checkpoints FILE   signed checkpoints, one or more (default FILE.checkpoint);
                       the auditor keeps all that it ever signed in AUDIT_DIR/checkpoints.txt
  --key KEY            the verifier key, or a file that holds it (default FILE.key). A key that came with the
                       log proves only that the log fits itself: take it from where you trust it
  --url URL --out FILE first exports the log of a running auditor to FILE, FILE.checkpoint and FILE.key
  --json               one JSON object instead of sentences
  --help               this page

Exit code: 0 verified, 1 not verified, 2 could not be checked.
Environment: AUTH_TOKEN_VIEWER, where the auditor asks for a token.
`;

export interface Options {
  readonly file: string;
  readonly checkpoints: string;
  /** A verifier key or the name of a file with one. */
  readonly key: string;
  /** Where to export from, before verifying. */
  readonly url: string | undefined;
  readonly json: boolean;
}

/** A command line that cannot be followed, or something that it names and that cannot be read. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @returns `'help'` where that was asked for. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const file = fileOf(values, positionals);
  return {
    file,
    checkpoints: values.checkpoints ?? `${file}.checkpoint`,
    key: values.key ?? `${file}.key`,
    url: values.url,
    json: values.json,
  };
}

function fileOf(values: { url?: string; out?: string }, positionals: readonly string[]): string {
  const [file, ...rest] = positionals;
  if ((values.url === undefined) !== (values.out === undefined))
    throw new UsageError('--url goes with --out');
  if (values.out !== undefined && file === undefined) return values.out;
  if (values.out === undefined && file !== undefined && rest.length === 0) return file;
  throw new UsageError('give one FILE, or --url and --out');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        checkpoints: { type: 'string' },
        key: { type: 'string' },
        url: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
