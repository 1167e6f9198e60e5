import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Scripted {
  readonly status?: number;
  /** JSON unless it is text. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedRequest {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

/** A server that answers as it is told. */
export interface ScriptedServer extends AsyncDisposable {
  readonly origin: string;
  readonly requests: ScriptedRequest[];
}

export async function startScriptedServer(
  answer: (request: ScriptedRequest) => Scripted,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(({ url = '', headers: asked }, response) => {
    const request = { url: new URL(url, 'http://localhost'), headers: asked };
    requests.push(request);
    const { status = 200, body, headers = {} } = answer(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
