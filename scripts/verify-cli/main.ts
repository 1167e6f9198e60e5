import { open, readFile } from 'node:fs/promises';
import { NoteError, parseVerifierKey, type NoteKey } from '@aistock/audit-log';
import { CallError } from '@aistock/shared';
import { exportLog } from './export-log.ts';
import { parseOptions, USAGE, UsageError, type Options } from './options.ts';
import { verifyExport, type Result } from './verify-export.ts';

const EXIT_NOT_VERIFIED = 1;
const EXIT_NOT_CHECKED = 2;

const print = (text: string) => void process.stdout.write(`${text}\n`);
const say = (text: string) => void process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === 'help') {
    print(USAGE);
    return 0;
  }
  if (options.url !== undefined) {
    const files = { entries: options.file, checkpoint: options.checkpoints, key: `${options.file}.key` };
    await exportLog(options.url, process.env['AUTH_TOKEN_VIEWER'], files);
  }
  const key = await readKey(options.key);
  const notes = await read(options.checkpoints);
  await using entries = await open(options.file).catch(unreadable(options.file));
  const result = await verifyExport(entries.readLines(), notes, key);
  print(options.json ? JSON.stringify(result) : describe(result, options));
  return result.verified ? 0 : EXIT_NOT_VERIFIED;
}

function describe(
  { verified, entries, signed, checkpoints, root, first_bad }: Result,
  { file }: Options,
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
  const expected = error instanceof UsageError || error instanceof NoteError || error instanceof CallError;
  say(expected ? error.message : String((error as Error).stack));
  process.exitCode = EXIT_NOT_CHECKED;
}
