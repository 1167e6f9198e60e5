import { once } from 'node:events';
import type { Route } from '@aistock/shared';
import type { Response } from 'express';

/** One event of a stream; a caller that lost the connection asks again for what came after its id. */
export interface ServerSentEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** The event as the HTML standard writes it. */
export function eventText({ id, type, data }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What a handler writes parts of its answer with, one after another; the first one sends the headers. */
export function startEventStream(
  route: Route,
  response: Response,
  gone: AbortSignal,
): (text: string) => Promise<void> {
  return async (text) => {
    if (route.contentType !== 'text/event-stream')
      throw new TypeError(`${route.path} does not answer with server-sent events`);
    gone.throwIfAborted();
    if (!response.headersSent)
      // A proxy that collects the answer first would hold back what is to be seen now.
      response.status(200).set({
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
    if (!response.write(text)) await once(response, 'drain', { signal: gone });
  };
}
