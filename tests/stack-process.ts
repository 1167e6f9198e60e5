import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';

const root = resolve(dirname(import.meta.filename), '..');

export interface StartProcess {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Settles with the exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Runs `./scripts/start` as a user would. */
export function startScript(args: readonly string[], env: Record<string, string> = {}): StartProcess {
  const child = spawn(join(root, 'scripts/start'), args, {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'warn', DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, stdout: () => stdout, stderr: () => stderr, exited };
}

/** Waits until the text shows up on the standard output. @throws Error with all that was said if the program ends first. */
export function waitForOutput(started: StartProcess, text: string): Promise<void> {
  return new Promise((done, reject) => {
    const look = () => {
      if (started.stdout().includes(text)) done();
    };
    started.child.stdout?.on('data', look);
    look();
    void started.exited.then((code) =>
      reject(new Error(`ended with ${code} before it said "${text}":\n${started.stderr()}`)),
    );
  });
}
