import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { freePort } from '@aistock/testkit';
import { type ServiceProcess, startService, waitUntilReady } from '../../scripts/stack/service-process.ts';
import { START_MS } from './proof-terms.ts';

const root = resolve(import.meta.dirname, '../..');
const TIMEOUT_MS = 300;
const CALL_TIMEOUT_MS = 120_000;
const LOG_LINES_TOLD = 5;

export interface IngesterPlace {
  /** An empty folder for its lake and its log. */
  readonly folder: string;
  readonly databaseUrl: string;
  /** Where the simulator listens. */
  readonly simUrl: string;
  readonly chunkBars: number;
}

/** The real service as a process of its own, which can be killed and started again over the same lake and database. */
export class Ingester {
  readonly #place: IngesterPlace;
  #process: ServiceProcess | undefined;
  #url = '';

  constructor(place: IngesterPlace) {
    this.#place = place;
  }

  /** @throws Error with the end of its log where it does not get ready. */
  async start(): Promise<void> {
    const { folder, databaseUrl, simUrl } = this.#place;
    const sources = join(folder, 'sources.yaml');
    await writeFile(sources, this.#sources());
    const port = await freePort();
    this.#url = `http://127.0.0.1:${port}`;
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      LAKE_DIR: join(folder, 'lake'),
      SOURCES_FILE: sources,
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'only-these-hosts.ts')}`,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
      ALLOWED_ORIGINS: `${simUrl} ${databaseUrl}`,
    };
    const entry = 'services/data_ingester/src/main.ts';
    const logFile = this.#logFile();
    this.#process = startService(root, { name: 'data_ingester', entry, url: this.#url, env, logFile });
    await waitUntilReady(this.#process);
  }

  #sources(): string {
    const { simUrl, chunkBars } = this.#place;
    return `sources:
  sim: { kind: ccxt, exchange: binance, origin: '${simUrl}', timeout_ms: ${TIMEOUT_MS} }
streams:
  - sources: [sim]
    instruments: [BTC/USDT]
    timeframes: [1m]
    calendar: always
    start: ${START_MS}
    chunk_bars: ${chunkBars}
`;
  }

  client() {
    return createClient(dataIngesterApi, { baseUrl: this.#url, timeoutMs: CALL_TIMEOUT_MS });
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
