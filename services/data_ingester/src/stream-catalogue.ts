import type { Db } from '@aistock/database';
import { notedStreams } from './market-store.ts';
import type { ConfiguredStream, NotedStream, StreamSpec } from './stream-spec.ts';
import { unknownStream } from './unknown-stream.ts';

/** The streams that are configured now, and those that the database knows from before. */
export class StreamCatalogue {
  readonly #db: Db;
  readonly #configured: readonly ConfiguredStream[];

  constructor(db: Db, configured: readonly ConfiguredStream[]) {
    this.#db = db;
    this.#configured = configured;
  }

  /** A configured stream that has no bars yet counts as one of sessions. */
  async list(): Promise<NotedStream[]> {
    const noted = await notedStreams(this.#db);
    const fresh = this.#configured.filter(({ stream }) => !noted.some((each) => each.stream === stream));
    return [...noted, ...fresh.map(unnoted)];
  }

  /** Undefined for a stream that is only known from before. */
  configured(stream: string): ConfiguredStream | undefined {
    return this.#configured.find((each) => each.stream === stream);
  }

  /** Asks the database only where a stream is not configured. @throws ServiceError 404 `stream_unknown`. */
  async find(stream: string, field: string): Promise<StreamSpec> {
    return this.configured(stream) ?? this.findNoted(stream, field);
  }

  /** @throws ServiceError 404 `stream_unknown`. */
  async findNoted(stream: string, field: string): Promise<NotedStream> {
    const known = await this.list();
    const found = known.find((each) => each.stream === stream);
    if (found) return found;
    throw unknownStream(stream, known, field);
  }
}

function unnoted({ stream, source, instrument, timeframe, calendar }: ConfiguredStream): NotedStream {
  return { stream, source, instrument, timeframe, calendar, gapMeaning: 'session' };
}
