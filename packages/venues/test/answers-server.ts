import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AnswersServer extends AsyncDisposable {
  readonly origin: string;
  /** Paths and queries that nobody answered. */
  readonly unanswered: string[];
}

/** Answers each request with the text that is given for it, or with 404. */
export async function startAnswersServer(
  answer: (url: URL) => string | Promise<string> | undefined,
): Promise<AnswersServer> {
  const unanswered: string[] = [];
  const respond = async (url: URL, response: ServerResponse): Promise<void> => {
    const text = await answer(url);
    if (text === undefined) unanswered.push(`${url.pathname}${url.search}`);
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(text ?? '{}');
  };
  const server = createServer((request, response) => {
    void respond(new URL(request.url ?? '', 'http://localhost'), response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    unanswered,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
