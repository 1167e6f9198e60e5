import type { Db } from '@aistock/database';
import { notedStreams } from './market-store.ts';
import type { ConfiguredStream, StreamSpec } from './stream-spec.ts';
import { unknownStream } from './unknown-stream.ts';

/** The streams that are configured now, and those that the database knows from before. */
export class StreamCatalogue {
  readonly #db: Db;
  readonly #configured: readonly ConfiguredStream[];

  constructor(db: Db, configured: readonly ConfiguredStream[]) {
    this.#db = db;
    this.#configured = configured;
  }

  /** A configured stream is as it is configured now, whatever was noted of it before. */
  async list(): Promise<StreamSpec[]> {
    const before = await notedStreams(this.#db);
    const gone = before.filter(({ stream }) => this.configured(stream) === undefined);
    return [...gone, ...this.#configured].toSorted((a, b) => (a.stream < b.stream ? -1 : 1));
  }

  /** Configured streams by name, in the order of the configuration; all of them unless told. @throws ServiceError 404. */
  choose(names: readonly string[] | undefined): ConfiguredStream[] {
    const wanted = new Set(names ?? this.#configured.map(({ stream }) => stream));
    const chosen = this.#configured.filter(({ stream }) => wanted.has(stream));
    const unknown = [...wanted].filter((name) => !chosen.some(({ stream }) => stream === name));
    if (unknown.length > 0) throw unknownStream(unknown.join(', '), this.#configured, 'streams');
    return chosen;
  }

  /** Undefined for a stream that is only known from before. */
  configured(stream: string): ConfiguredStream | undefined {
    return this.#configured.find((each) => each.stream === stream);
  }

  /** Asks the database only where a stream is not configured. @throws ServiceError 404 `stream_unknown`. */
  async find(stream: string, field: string): Promise<StreamSpec> {
    const configured = this.configured(stream);
    if (configured) return configured;
    const known = await this.list();
    const found = known.find((each) => each.stream === stream);
    if (found) return found;
    throw unknownStream(stream, known, field);
  }
}
