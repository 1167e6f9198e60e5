import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const BAD_GATEWAY = 502;

/** One answer with bars of claimed files that was asked for. */
export interface Reading {
  readonly stream: string;
  /** Open times, the second one exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly bars: number;
  /** When it was asked for, Unix ms. */
  readonly atMs: number;
}

/** Stands between ml_service and data_ingester, and writes down which bars of claimed files are read. */
export class IngesterProxy {
  readonly readings: Reading[] = [];
  readonly #server: Server;
  readonly #target: URL;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
  }

  static async start(targetUrl: string): Promise<IngesterProxy> {
    const proxy = new IngesterProxy(new URL(targetUrl));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const atMs = Date.now();
    const url = new URL(asked.url ?? '/', this.#target);
    const { method, headers } = asked;
    const passed = request(url, { method, headers: { ...headers, host: this.#target.host } }, (told) => {
      answer.writeHead(told.statusCode ?? BAD_GATEWAY, told.headers);
      told.pipe(answer);
      if (isClaimed(url)) this.#record(url, told, atMs);
    });
    passed.on('error', () => answer.headersSent || answer.writeHead(BAD_GATEWAY).end());
    // A process that was killed does not wait for its answer.
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }

  /** Also what was asked for by a process that is gone before it has the answer: it counts as read. */
  #record({ searchParams }: URL, told: IncomingMessage, atMs: number): void {
    const chunks: Buffer[] = [];
    told.on('data', (chunk: Buffer) => chunks.push(chunk));
    told.once('close', () => {
      this.readings.push({
        stream: searchParams.get('stream') ?? '',
        fromMs: Number(searchParams.get('from_ms')),
        toMs: Number(searchParams.get('to_ms')),
        bars: Buffer.concat(chunks).toString().split('"open_ms"').length - 1,
        atMs,
      });
    });
  }
}

/** A window is asked for by its newest bars, and whoever follows a stream asks for details without an end. */
function isClaimed({ pathname, searchParams }: URL): boolean {
  return (
    pathname === '/bars' &&
    searchParams.has('to_ms') &&
    !searchParams.has('newest') &&
    !searchParams.has('detail')
  );
}
