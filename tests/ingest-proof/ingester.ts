import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { freePort } from '@aistock/testkit';
import { type ServiceProcess, startService, waitUntilReady } from '../../scripts/stack/service-process.ts';

const root = resolve(import.meta.dirname, '../..');
const CALL_TIMEOUT_MS = 120_000;
const LOG_LINES_TOLD = 5;
/** A line of /metrics with the label that every one has. */
const PLAIN_METRIC = /^(\w+)\{service="data_ingester"\} (\S+)$/gm;

export interface IngesterPlace {
  /** An empty folder for its lake and its log. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** Where the simulator listens. */
  readonly simUrl: string;
  /** What its sources file says. */
  readonly sources: string;
  /** Options of its Node; none unless told. */
  readonly nodeOptions?: string;
}

/** The real service as a process of its own, which can be killed and started again over the same lake and database. */
export class Ingester {
  readonly #place: IngesterPlace;
  #process: ServiceProcess | undefined;
  #url = '';

  constructor(place: IngesterPlace) {
    this.#place = place;
  }

  /** The folder of its lake. */
  get lake(): string {
    return join(this.#place.folder, 'lake');
  }

  /** @throws Error with the end of its log where it does not get ready. */
  async start(): Promise<void> {
    const { folder, databaseUrl, simUrl, nodeOptions = '' } = this.#place;
    const sourcesFile = join(folder, 'sources.yaml');
    await writeFile(sourcesFile, this.#place.sources);
    const port = await freePort();
    this.#url = `http://127.0.0.1:${port}`;
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      LAKE_DIR: this.lake,
      SOURCES_FILE: sourcesFile,
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'only-these-hosts.ts')} ${nodeOptions}`,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
      ALLOWED_ORIGINS: `${simUrl} ${databaseUrl}`,
    };
    const entry = 'services/data_ingester/src/main.ts';
    const logFile = this.#logFile();
    this.#process = startService(root, { name: 'data_ingester', entry, url: this.#url, env, logFile });
    await waitUntilReady(this.#process);
  }

  client() {
    return createClient(dataIngesterApi, { baseUrl: this.#url, timeoutMs: CALL_TIMEOUT_MS });
  }

  /** Its metrics by name; those with labels of their own are left out. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const answer = await fetch(`${this.#url}/metrics`, { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`);
    const lines = (await answer.text()).matchAll(PLAIN_METRIC);
    return new Map(Array.from(lines, ([, name = '', value]) => [name, Number(value)]));
  }

  /** The last lines that it logged. */
  async lastWords(): Promise<string> {
    const log = await readFile(this.#logFile(), 'utf8');
    return log.trim().split('\n').slice(-LOG_LINES_TOLD).join('\n');
  }

  #logFile(): string {
    return join(this.#place.folder, 'data_ingester.log');
  }

  /** kill -9; returns when it is gone. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#process?.ended;
    this.#process = undefined;
  }
}
