import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Frontend messages that end a request and are answered with ReadyForQuery: Query and Sync. */
const ENDS_REQUEST: ReadonlySet<number> = new Set(['Q', 'S'].map((type) => type.charCodeAt(0)));
const HEADER_BYTES = 5;

/** When the connection is cut: before the server gets the request, or once it has answered and nobody heard it. */
export type CutAt = 'request' | 'answer';

/** Stands between a service and Postgres, and cuts the connection at a request that a test names. */
export class DatabaseProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #left = Infinity;
  #cutAt: CutAt = 'request';

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(targetUrl: string): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(new URL(targetUrl));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Cuts the connection of the n-th request from now on, counted from 1 over all connections. */
  cut(requestNumber: number, at: CutAt): void {
    this.#left = requestNumber;
    this.#cutAt = at;
  }

  /** Cuts nothing any more; answers whether it had come to that. */
  heal(): boolean {
    const cut = this.#left <= 0;
    this.#left = Infinity;
    return cut;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    let answerIsLost = false;
    const requestEnds = requestCounter();
    client.on('data', (chunk: Buffer) => {
      for (let ends = requestEnds(chunk); ends > 0; ends--) {
        if (--this.#left !== 0) continue;
        if (this.#cutAt === 'request') return end();
        answerIsLost = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (answerIsLost) end();
      else client.write(chunk);
    });
  }
}

/** Counts the requests that end in each piece of a connection's stream. */
function requestCounter(): (chunk: Buffer) => number {
  let rest = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let ends = 0;
    for (;;) {
      // The first message has a length and no type.
      const header = started ? HEADER_BYTES : HEADER_BYTES - 1;
      if (rest.length < header) return ends;
      const length = rest.readInt32BE(header - 4) + header - 4;
      if (rest.length < length) return ends;
      if (started && ENDS_REQUEST.has(rest[0] ?? 0)) ends++;
      started = true;
      rest = rest.subarray(length);
    }
  };
}
