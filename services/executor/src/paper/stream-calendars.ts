import type { Calendar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';

/** Streams whose calendar is kept; past them it is asked for anew. */
const STREAMS_MAX = 1_000;

/** By which hours streams trade, as data_ingester has it. A stream keeps its calendar for as long as it exists. */
export class StreamCalendars {
  readonly #ingester: Pick<Client<typeof dataIngesterApi>, 'streams'>;
  readonly #known = new Map<string, Calendar>();

  constructor(ingester: Pick<Client<typeof dataIngesterApi>, 'streams'>) {
    this.#ingester = ingester;
  }

  /** @throws ServiceError `stream_unknown`. */
  async of(stream: string): Promise<Calendar> {
    const known = this.#known.get(stream);
    if (known) return known;
    const { streams } = await this.#ingester.streams();
    const found = streams.find((each) => each.stream === stream);
    if (!found) throw new ServiceError('stream_unknown', 404, `data_ingester has no stream ${stream}`);
    if (this.#known.size >= STREAMS_MAX) this.#known.clear();
    this.#known.set(stream, found.calendar);
    return found.calendar;
  }
}
