import { closeMs, isTimeframe, type Calendar } from '@aistock/market';
import type { Logger } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';
import type { ReferencePrice } from '@aistock/trading/risk';

type Ingester = Client<typeof dataIngesterApi>;

/** A price, and the hours that its market keeps. */
export interface StreamPrice extends ReferencePrice {
  readonly calendar: Calendar;
}

export interface PriceSourceParts {
  /** With a time-out that bounds every price. */
  readonly prices: Pick<Ingester, 'bars'>;
  /** Asked once for all streams, and again for one that it did not know. */
  readonly streams: Pick<Ingester, 'streams'>;
  readonly logger: Logger;
}

/** The newest close of each stream, as data_ingester has it. */
export class PriceSource {
  readonly #parts: PriceSourceParts;
  /** Which calendar a stream keeps does not change while the stack runs. */
  #calendars: ReadonlyMap<string, Calendar> = new Map();
  #loading: Promise<void> | undefined;

  constructor(parts: PriceSourceParts) {
    this.#parts = parts;
  }

  /** Learns the streams' calendars ahead of the first order; a failure is left to the order to meet. */
  async warmUp(): Promise<void> {
    await this.#loadCalendars().catch((error: unknown) => {
      this.#parts.logger.warn('could not ask data_ingester for its streams', { error });
    });
  }

  /**
   * By stream, the close of the newest bar that had closed by `asOfMs`, or by now. A stream that cannot be read, has
   * no bar or does not answer in time is left out.
   */
  async latest(streams: ReadonlySet<string>, asOfMs: number | undefined): Promise<Map<string, StreamPrice>> {
    const prices = new Map<string, StreamPrice>();
    const read = async (stream: string): Promise<void> => {
      try {
        const price = await this.#latestOf(stream, asOfMs);
        if (price) prices.set(stream, price);
      } catch (error) {
        this.#parts.logger.warn('no reference price', { stream, error });
      }
    };
    await Promise.all([...streams].map(read));
    return prices;
  }

  async #latestOf(stream: string, asOfMs: number | undefined): Promise<StreamPrice | undefined> {
    const [calendar, answer] = await Promise.all([
      this.#calendarOf(stream),
      this.#parts.prices.bars({
        query: {
          stream,
          newest: 'true',
          limit: '1',
          ...(asOfMs === undefined ? {} : { as_of_ms: String(asOfMs) }),
        },
      }),
    ]);
    const timeframe = stream.slice(stream.lastIndexOf(':') + 1);
    const bar = answer.bars.at(-1);
    if (answer.stream !== stream || !bar || !calendar || !isTimeframe(timeframe)) return undefined;
    return { price: bar.close, atMs: closeMs(bar.open_ms, timeframe, calendar), calendar };
  }

  async #calendarOf(stream: string): Promise<Calendar | undefined> {
    if (!this.#calendars.has(stream)) await this.#loadCalendars();
    return this.#calendars.get(stream);
  }

  async #loadCalendars(): Promise<void> {
    this.#loading ??= this.#askForCalendars();
    try {
      await this.#loading;
    } finally {
      this.#loading = undefined;
    }
  }

  async #askForCalendars(): Promise<void> {
    const { streams } = await this.#parts.streams.streams();
    this.#calendars = new Map(streams.map(({ stream, calendar }) => [stream, calendar]));
  }
}
