import { open, readFile } from 'node:fs/promises';
import { NoteError, parseVerifierKey, type NoteKey } from '@aistock/audit-log';
import { CallError } from '@aistock/shared';
import { exportLog } from './export-log.ts';
import { anchorOf } from './lake/anchors.ts';
import { describeLake } from './lake/describe.ts';
import type { LakeResult } from './lake/verify-lake.ts';
import {
  parseOptions,
  USAGE,
  UsageError,
  type LogOptions,
  type Options,
  type ReportOptions,
} from './options.ts';
import { verifyExport, type Result } from './verify-export.ts';
import { checkReport, describeReport, reportNamed, type ReportResult } from './verify-report.ts';

const EXIT_NOT_VERIFIED = 1;
const EXIT_NOT_CHECKED = 2;
/** What is wrong with the environment, or with storage that it names: known by name, for their packages are not loaded. */
const TOLD_ERRORS: readonly string[] = ['ConfigError', 'StorageError'];

const print = (text: string) => void process.stdout.write(`${text}\n`);
const say = (text: string) => void process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === 'help') {
    print(USAGE);
    return 0;
  }
  const named: Named = { anchors: new Set(), reports: new Set() };
  const log = options.log && (await verifyLog(options.log, named));
  const lake = options.lake ? await verifyLakeOf(options, named.anchors) : undefined;
  const report = options.report && (await verifyReportOf(options.report, log && named.reports));
  const results = Object.entries({ log, lake, report }).filter(([, result]) => result !== undefined);
  if (options.json)
    print(JSON.stringify(results.length === 1 ? results[0]![1] : Object.fromEntries(results)));
  else {
    if (log && options.log) print(describe(log, options.log));
    if (lake) print(describeLake(lake));
    if (report && options.report) print(describeReport(options.report.file, report));
  }
  return results.every(([, result]) => result?.verified) ? 0 : EXIT_NOT_VERIFIED;
}

/** What an audit log names that is kept elsewhere. */
interface Named {
  readonly anchors: Set<string>;
  readonly reports: Set<string>;
}

async function verifyLog(options: LogOptions, named: Named): Promise<Result> {
  if (options.url !== undefined) {
    const files = { entries: options.file, checkpoint: options.checkpoints, key: `${options.file}.key` };
    await exportLog(options.url, process.env['AUTH_TOKEN_VIEWER'], files);
  }
  const key = await readKey(options.key);
  const notes = await read(options.checkpoints);
  await using entries = await open(options.file).catch(unreadable(options.file));
  return await verifyExport(entries.readLines(), notes, key, (entry) => {
    const [anchor, report] = [anchorOf(entry), reportNamed(entry)];
    if (anchor !== undefined) named.anchors.add(anchor);
    if (report !== undefined) named.reports.add(report);
  });
}

async function verifyReportOf(
  { file, key }: ReportOptions,
  written: ReadonlySet<string> | undefined,
): Promise<ReportResult> {
  return checkReport(await read(file), await readKey(key), written);
}

async function verifyLakeOf({ offline }: Options, anchors: ReadonlySet<string>): Promise<LakeResult> {
  // Reads from storage and database, which an audit log does without: loaded where it is asked for.
  const { verifyConfiguredLake } = await import('./lake/open.ts');
  const shown = process.stderr.isTTY;
  const result = await verifyConfiguredLake(process.env, offline, {
    anchors,
    nowMs: Date.now(),
    onProgress: (checked, of) => {
      if (shown) process.stderr.write(`\rchecked ${checked} of ${of} files`);
    },
  });
  if (shown) process.stderr.write('\r\x1b[K');
  return result;
}

function describe(
  { verified, entries, signed, checkpoints, root, first_bad }: Result,
  { file }: LogOptions,
): string {
  if (first_bad !== null) return `${file}: NOT VERIFIED\nentry ${first_bad.index}: ${first_bad.problem}`;
  const unsigned =
    entries > signed ? `\n${entries - signed} entries after the last checkpoint are not signed` : '';
  return `${file}: ${verified ? 'verified' : 'NOT VERIFIED'}, ${entries} entries, ${checkpoints} checkpoints\nroot ${root}${unsigned}`;
}

/** The key itself, or the file that holds it. */
async function readKey(keyOrFile: string): Promise<NoteKey> {
  const text = keyOrFile.split('+').length > 2 ? keyOrFile : await read(keyOrFile);
  return parseVerifierKey(text);
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(unreadable(path));
}

function unreadable(path: string): (error: Error) => never {
  return (error) => {
    throw new UsageError(`${path} cannot be read: ${error.message}`, { cause: error });
  };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = [UsageError, NoteError, CallError].some((kind) => error instanceof kind);
  const { message, stack, name } = error as Error;
  say(expected || TOLD_ERRORS.includes(name) ? message : String(stack));
  process.exitCode = EXIT_NOT_CHECKED;
}
