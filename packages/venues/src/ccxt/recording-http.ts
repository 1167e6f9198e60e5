import { AsyncLocalStorage } from 'node:async_hooks';
import { sha256Hex } from '@aistock/shared';
import { SourceError, type Provenance } from '../bar-source.ts';

const RESPONSE_BYTES_MAX = 64 * 1024 * 1024;

export interface HttpTerms {
  /** The only origin that may be asked, such as `http://127.0.0.1:4010`; any unless told. */
  readonly origin?: string;
  /** Our own clock, Unix ms. */
  readonly nowMs: () => number;
}

/** What an exchange object is given to send its requests with. */
export interface RecordingHttp {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Runs something and tells which answers it got, also while others run at the same time. */
  readonly record: <T>(run: () => Promise<T>) => Promise<{ result: T; answers: Provenance[] }>;
  /** The server's clock by the Date header of its last answer, to a second, never ahead of it; undefined before one. */
  readonly serverClockMs: () => number | undefined;
}

export function recordingHttp(terms: HttpTerms): RecordingHttp {
  const current = new AsyncLocalStorage<Provenance[]>();
  let aheadMs: number | undefined;
  return {
    fetch: async (url, init) => {
      if (terms.origin !== undefined && new URL(url).origin !== terms.origin) {
        throw new SourceError('source_refused', `a request to ${new URL(url).origin} is not allowed`);
      }
      const response = await fetch(url, {
        method: init.method ?? 'GET',
        headers: init.headers ?? {},
        body: init.body ?? null,
        signal: init.signal ?? null,
        redirect: 'error',
      });
      const bytes = await readBounded(response);
      const dateMs = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(dateMs)) aheadMs = dateMs - terms.nowMs();
      current.getStore()?.push({ origin: url, sha256: sha256Hex(bytes), bytes });
      if (response.ok) assertJson(bytes, url);
      const { status, statusText, headers } = response;
      return new Response(bytes, { status, statusText, headers });
    },
    record: async (run) => {
      const answers: Provenance[] = [];
      try {
        return { result: await current.run(answers, run), answers };
      } catch (error) {
        throw withBytes(error, answers.at(-1)?.bytes);
      }
    },
    serverClockMs: () => (aheadMs === undefined ? undefined : terms.nowMs() + aheadMs),
  };
}

/** An answer that could not be read goes with the error that says so. */
function withBytes(error: unknown, bytes: Uint8Array | undefined): unknown {
  if (!(error instanceof SourceError) || error.code !== 'malformed_data') return error;
  return new SourceError(error.code, error.message, { cause: error.cause, bytes });
}

/** ccxt takes an answer that is no JSON, such as a page of a proxy or one cut short, for an empty list. */
function assertJson(bytes: Uint8Array, url: string): void {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SourceError('malformed_data', `the answer of ${url} is not JSON`, { cause: error, bytes });
  }
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > RESPONSE_BYTES_MAX) {
      throw new SourceError('malformed_data', `an answer has more than ${RESPONSE_BYTES_MAX} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
