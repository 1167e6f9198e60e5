import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@aistock/shared';
import { createClients, type Clients } from '../../scripts/stack/clients.ts';
import { createProgress } from '../../scripts/stack/progress.ts';
import { serviceUrl } from '../../scripts/stack/service-specs.ts';
import { startStack, type Stack } from '../../scripts/stack/stack.ts';
import { emptyStateFolder } from '../../scripts/stack/state-folder.ts';
import type { ProofTerms } from './proof-terms.ts';

const root = resolve(import.meta.dirname, '../..');
const SERVICE_OF: Readonly<Record<keyof Clients, ServiceName>> = {
  ingester: 'data_ingester',
  ml: 'ml_service',
  params: 'param_controller',
  gate: 'risk_gate',
  executor: 'executor',
  engine: 'engine',
  auditor: 'auditor',
};

/** A machine that is busy must not deny what would be allowed: a backtest knows no time-outs. */
const PATIENCE = { PRICE_TIMEOUT_MS: '1000', GATE_TIMEOUT_MS: '10000', INTENT_TTL_MS: '600000' } as const;

/** Postgres and every service as processes, in a folder of their own, with an engine that can be killed. */
export class ProofStack {
  readonly clients: Clients;
  readonly engineUrl: string;
  readonly #folder: string;
  readonly #stack: Stack;

  private constructor(folder: string, portBase: number, stack: Stack) {
    this.engineUrl = serviceUrl('engine', portBase);
    this.clients = createClients((name) => serviceUrl(SERVICE_OF[name], portBase), undefined);
    this.#folder = folder;
    this.#stack = stack;
  }

  /**
   * @param write puts the bars into a folder, and answers what data_ingester is told of them.
   * @throws Error with the end of the log of a service that does not get ready.
   */
  static async start(
    { portBase, leaseS }: ProofTerms,
    write: (folder: string) => Promise<string>,
  ): Promise<ProofStack> {
    const folder = await mkdtemp(join(tmpdir(), 'aistock-engine-proof-'));
    const sourcesPath = join(folder, 'sources.yaml');
    await writeFile(sourcesPath, await write(join(folder, 'bars')));
    const dataDir = join(folder, 'state');
    const options = { once: true, json: false, fresh: false, yes: false, help: false, portBase, dataDir };
    const stack = await startStack(root, options, createProgress(process.stderr), {
      word: 'engine-proof',
      instead: 'wait for it',
      services: SERVICE_NAMES,
      scheduler: false,
      env: {
        PATH: process.env['PATH'],
        LOG_LEVEL: 'warn',
        SOURCES_FILE: sourcesPath,
        SESSION_LEASE_S: String(leaseS),
        ...PATIENCE,
      },
    });
    return new ProofStack(folder, portBase, stack);
  }

  /** Settles when a service ends by itself; the engine may be killed. */
  get broken(): Promise<string> {
    const others = this.#stack.services.filter(({ spec }) => spec.name !== 'engine');
    return Promise.race(others.map(async ({ spec, ended }) => `${spec.name} ${await ended}`));
  }

  get adminUrl(): string {
    return this.#stack.place.adminUrl;
  }

  /** Where the services log. */
  get logs(): string {
    return this.#stack.place.folder.logs;
  }

  /** kill -9; returns when it is gone. */
  async killEngine(): Promise<void> {
    const engine = this.#stack.services.find(({ spec }) => spec.name === 'engine')!;
    engine.kill('SIGKILL');
    await engine.ended;
  }

  /** Starts the engine that was killed, and waits until it is ready. */
  startEngine(): Promise<void> {
    return this.#stack.restart('engine');
  }

  /** Ends everything; the folder stays where it is wanted, for its logs. */
  async stop({ keepFolder }: { readonly keepFolder: boolean }): Promise<void> {
    await this.#stack.stop();
    if (keepFolder) return;
    await emptyStateFolder(this.#stack.place.folder.root);
    await rm(this.#folder, { recursive: true });
  }
}
