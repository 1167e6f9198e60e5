import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, operationsApi } from '@aistock/shared';

const READY_POLL_MS = 50;
const READY_TIMEOUT_MS = 30_000;
const LOG_LINES_SHOWN = 5;

export interface ServiceSpec {
  /** Such as `risk_gate`. */
  readonly name: string;
  /** Path of its main file below the repository. */
  readonly entry: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface ServiceProcess {
  readonly spec: ServiceSpec;
  readonly pid: number;
  /** Where this process's part of the log file begins. */
  readonly logFrom: number;
  /** Settles when the process has ended, with what ended it. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a service as a process of its own; its log goes to the end of its file. */
export function startService(root: string, spec: ServiceSpec): ServiceProcess {
  const log = openSync(spec.logFile, 'a');
  const logFrom = fstatSync(log).size;
  // A process group of its own: Ctrl-C in the terminal must reach the start program alone, which stops the rest in order.
  const child = spawn(process.execPath, [join(root, spec.entry)], {
    cwd: root,
    env: { ...spec.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `exited with ${code}`));
  }).finally(() => {
    over = true;
  });
  return {
    spec,
    pid: child.pid ?? 0,
    logFrom,
    ended,
    hasEnded: () => over,
    kill: (signal) => void child.kill(signal),
  };
}

/** A service that ended before it was ready, with the last lines of its log. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
  /** Such as `exited with 78`. */
  readonly end: string;
  constructor(service: string, end: string, log: string) {
    super(`${service} ${end} before it was ready${log}`);
    this.end = end;
  }
}

/**
 * Waits until the service says that it is ready.
 * @throws EndedEarly; Error with the last lines of its log if it takes too long.
 */
export async function waitUntilReady(service: ServiceProcess, timeoutMs = READY_TIMEOUT_MS): Promise<void> {
  const client = createClient(operationsApi, { baseUrl: service.spec.url, timeoutMs: 1_000 });
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    if (await isReady(client)) return;
    if (service.hasEnded())
      throw new EndedEarly(service.spec.name, await service.ended, await lastLog(service));
    if (performance.now() > deadlineMs) {
      throw new Error(`${service.spec.name} was not ready after ${timeoutMs} ms${await lastLog(service)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

async function isReady(client: { ready: () => Promise<{ ready: boolean }> }): Promise<boolean> {
  try {
    return (await client.ready()).ready;
  } catch {
    return false; // not listening yet, or not ready: both mean wait
  }
}

/** The last lines that this process wrote; those of earlier ones would only mislead. */
async function lastLog({ spec, logFrom }: ServiceProcess): Promise<string> {
  const own = (await readFile(spec.logFile)).subarray(logFrom).toString();
  const lines = own.trim().split('\n').slice(-LOG_LINES_SHOWN);
  return `; the end of ${spec.logFile}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}
