/** A server-sent event as it came. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** The events of a whole text of them. */
export function parseEvents(text: string): ReceivedEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const [id = '', type = '', data = ''] = block
        .split('\n')
        .map((line) => line.slice(line.indexOf(': ') + 2));
      return { id, type, data: JSON.parse(data) as Record<string, unknown> };
    });
}

/** Reads events of a URL as they come; whoever stops reading has left. */
export async function* readEvents(url: string, lastEventId?: string): AsyncGenerator<ReceivedEvent> {
  const left = new AbortController();
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await fetch(url, { headers, signal: left.signal });
  if (!response.ok || !response.body) throw new Error(`status ${response.status}: ${await response.text()}`);
  try {
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      rest += text;
      const end = rest.lastIndexOf('\n\n') + 2;
      if (end < 2) continue;
      yield* parseEvents(rest.slice(0, end));
      rest = rest.slice(end);
    }
  } finally {
    left.abort();
  }
}
