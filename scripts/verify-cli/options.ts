import { parseArgs } from 'node:util';

export const USAGE = `Verifies an exported audit log offline and names the first entry that is wrong; the raw lake; and reports of models.

  ./scripts/verify FILE [--checkpoints FILE] [--key KEY] [--json]
  ./scripts/verify --url http://127.0.0.1:8006 --out FILE [--key KEY] [--json]
  ./scripts/verify --lake [--offline] [--json]
  ./scripts/verify FILE --lake [--offline] [--json]
  ./scripts/verify --report FILE [--report-key KEY] [--json]

  FILE                 the entries, one JSON object a line
  --checkpoints FILE   signed checkpoints, one or more (default FILE.checkpoint);
                       the auditor keeps all that it ever signed in AUDIT_DIR/checkpoints.txt
  --key KEY            the verifier key, or a file that holds it (default FILE.key). A key that came with the
                       log proves only that the log fits itself: take it from where you trust it
  --url URL --out FILE first exports the log of a running auditor to FILE, FILE.checkpoint and FILE.key
  --lake               the lake: each day's chain of records, each file that a record names, and that there is no other;
                       with FILE also that the lake has every record which the audit log names
  --report FILE        the report of a model, as GET /models/{id}/report of ml_service answered; with an audit log also that
                       the log names it
  --report-key KEY     the verifier key of reports, or a file that holds it (default FILE.key of the report)
  --offline            without the lake's database: from its files alone
  --json               one JSON object instead of sentences
  --help               this page

Exit code: 0 verified, 1 not verified, 2 could not be checked.
Environment: AUTH_TOKEN_VIEWER, where the auditor asks for a token; for the lake LAKE_DIR or the LAKE_S3 variables, and
DATABASE_URL with DATABASE_PASSWORD, as data_ingester has them.
`;

export interface Options {
  /** The audit log to verify. */
  readonly log: LogOptions | undefined;
  /** Verify the lake too. */
  readonly lake: boolean;
  readonly offline: boolean;
  /** The report of a model to verify. */
  readonly report: ReportOptions | undefined;
  readonly json: boolean;
}

export interface ReportOptions {
  readonly file: string;
  /** A verifier key or the name of a file with one. */
  readonly key: string;
}

export interface LogOptions {
  readonly file: string;
  readonly checkpoints: string;
  /** A verifier key or the name of a file with one. */
  readonly key: string;
  /** Where to export from, before verifying. */
  readonly url: string | undefined;
}

/** A command line that cannot be followed, or something that it names and that cannot be read. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @returns `'help'` where that was asked for. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const { lake, offline, json } = values;
  if (offline && !lake) throw new UsageError('--offline goes with --lake');
  const report = reportOptions(values);
  const noLog = positionals.length === 0 && values.url === undefined && values.out === undefined;
  const log = noLog && (lake || report) ? undefined : logOptions(values, positionals);
  return { log, lake, offline, report, json };
}

function reportOptions(values: { report?: string; 'report-key'?: string }): ReportOptions | undefined {
  const { report: file, 'report-key': key } = values;
  if (file === undefined && key !== undefined) throw new UsageError('--report-key goes with --report');
  return file === undefined ? undefined : { file, key: key ?? `${file}.key` };
}

function logOptions(
  values: { url?: string; out?: string; checkpoints?: string; key?: string },
  positionals: readonly string[],
): LogOptions {
  const file = fileOf(values, positionals);
  return {
    file,
    checkpoints: values.checkpoints ?? `${file}.checkpoint`,
    key: values.key ?? `${file}.key`,
    url: values.url,
  };
}

function fileOf(values: { url?: string; out?: string }, positionals: readonly string[]): string {
  const [file, ...rest] = positionals;
  if ((values.url === undefined) !== (values.out === undefined))
    throw new UsageError('--url goes with --out');
  if (values.out !== undefined && file === undefined) return values.out;
  if (values.out === undefined && file !== undefined && rest.length === 0) return file;
  throw new UsageError('give one FILE, or --url and --out, or --lake, or --report');
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
        report: { type: 'string' },
        'report-key': { type: 'string' },
        lake: { type: 'boolean', default: false },
        offline: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
