import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BacktestRun, FieldProblem } from '@aistock/shared';
import type { Options } from './options.ts';
import { RunFailed, type RunWatch } from './runner.ts';

const ENTRY = 'services/engine/src/backtest-file.ts';
const STDERR_CHARACTERS_MAX = 4_000;

/** What the process tells; the same checkout runs it. */
type Message =
  | { readonly progress: number }
  | { readonly run: BacktestRun }
  | { readonly problem: { code: string; detail: string; fields: FieldProblem[] } };

/** What of the command line decides about a run from a file. */
export interface FileRun {
  readonly root: string;
  readonly options: Options;
  /** Without stream. */
  readonly request: Readonly<Record<string, unknown>>;
}

/**
 * Runs over the bars of a file in a process of the engine's own code, which leaves report, trades and log in the folder.
 * @throws RunFailed.
 */
export async function runBars(
  { root, options, request }: FileRun,
  { told, signal }: RunWatch,
): Promise<BacktestRun> {
  signal.throwIfAborted(); // a listener hears nothing of what was before it
  const { words, bars, out } = options;
  const child = spawn(process.execPath, [join(root, ENTRY)], { stdio: ['pipe', 'pipe', 'pipe'] });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-STDERR_CHARACTERS_MAX);
  });
  child.stdin.on('error', () => undefined); // it ended before it read: its exit tells why
  child.stdin.end(
    JSON.stringify({
      bars,
      instrument: words.instrument ?? instrumentOf(bars ?? ''),
      ...(words.timeframe !== undefined && { timeframe: words.timeframe }),
      ...(words.calendar !== undefined && { calendar: words.calendar }),
      out,
      request,
    }),
  );
  let run: BacktestRun | undefined;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as Message;
      if ('progress' in message) told(message.progress);
      else if ('problem' in message) throw new RunFailed(message.problem, true);
      else run = message.run;
    }
  } finally {
    signal.removeEventListener('abort', end);
  }
  if (run) return run;
  throw new RunFailed(
    { code: 'run_ended', detail: stderr.trim() || 'the process ended without a result' },
    false,
  );
}

/** A name for what is in a file: BTC-5m.csv.gz becomes BTC.5M. */
function instrumentOf(file: string): string {
  const name = basename(file)
    .replace(/\.csv(\.gz)?$/i, '')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '.')
    .replaceAll(/^\.+|\.+$/g, '');
  return name.slice(0, 20) || 'BARS';
}
