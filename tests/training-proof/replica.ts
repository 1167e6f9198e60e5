import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Client, createClient, mlServiceApi } from '@aistock/shared';
import {
  type ServiceProcess,
  type ServiceSpec,
  startService,
  waitUntilReady,
} from '../../scripts/stack/service-process.ts';

const root = resolve(import.meta.dirname, '../..');
const CALL_TIMEOUT_MS = 30_000;

/** One process of ml_service, which can be killed, stopped for a while, and started again. */
export class Replica {
  readonly ml: Client<typeof mlServiceApi>;
  readonly #spec: ServiceSpec;
  #process: ServiceProcess | undefined;

  constructor(spec: ServiceSpec) {
    this.#spec = spec;
    this.ml = createClient(mlServiceApi, { baseUrl: spec.url, timeoutMs: CALL_TIMEOUT_MS });
  }

  /** Undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** @throws Error with the end of its log where it does not get ready. */
  async start(): Promise<void> {
    const started = startService(root, this.#spec);
    await waitUntilReady(started);
    this.#process = started;
  }

  /** kill -9; returns when it is gone. */
  async kill(): Promise<void> {
    const killed = this.#process;
    this.#process = undefined;
    killed?.kill('SIGKILL');
    await killed?.ended;
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Whether it has said that it gave up a run. */
  async gaveUp(runId: string): Promise<boolean> {
    const lines = (await readFile(this.#spec.logFile, 'utf8')).split('\n');
    return lines.some((line) => line.includes(runId) && /a training run (was left|failed)/.test(line));
  }
}
