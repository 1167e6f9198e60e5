import type { Db, Trx } from '@aistock/database';
import { isTimeframe, TIMEFRAME_MS, type Bar, type Timeframe } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { fillCosts } from '@aistock/trading/fills';
import type { FaultPoint } from '../fault-point.ts';
import { barPages, newestBar } from './bar-pages.ts';
import type { ClockMove } from './idle-clock.ts';
import { readClock, storeClock, type PaperClock } from './paper-clock.ts';
import { lockPaperAccount, readHolding, storeHolding, workingOrders } from './paper-books.ts';
import { passBars } from './pass-bars.ts';
import { storePassed } from './store-passed.ts';
import { StreamCalendars } from './stream-calendars.ts';

type Ingester = Pick<Client<typeof dataIngesterApi>, 'bars' | 'streams'>;

/** Time at the paper venue: it passes when somebody moves it, bar by bar. */
export class PaperVenue {
  readonly #db: Db;
  readonly #ingester: Ingester;
  readonly #calendars: StreamCalendars;
  readonly #fault: FaultPoint;
  #advances = 0;

  constructor(db: Db, ingester: Ingester, fault: FaultPoint) {
    this.#db = db;
    this.#ingester = ingester;
    this.#fault = fault;
    this.#calendars = new StreamCalendars(ingester);
  }

  /**
   * Tries working orders against the bars that closed since the last time, and answers the newest of them. Asked for
   * the same time again it finds nothing new.
   * @throws ServiceError `clock_would_go_back`.
   */
  async advance(advance: ClockMove): Promise<Bar | undefined> {
    const { account, stream, toMs } = advance;
    const clock = await readClock(this.#db, account, stream);
    if (clock && toMs < clock.clockMs) throw clockWouldGoBack(stream, clock.clockMs);
    const fromMs = await this.#firstOpenMs(advance, clock);
    let newest: Bar | undefined;
    if (fromMs === undefined) {
      newest = await this.newestBar(advance);
      if (newest) await this.#pass(advance, [newest]);
    } else {
      for await (const bars of barPages(this.#ingester, stream, { fromMs, asOfMs: toMs })) {
        await this.#pass(advance, bars);
        newest = bars.at(-1);
      }
    }
    await this.#db.transaction().execute(async (trx) => {
      const reached = await this.#lockedClock(trx, advance);
      await storeClock(trx, account, stream, {
        clockMs: toMs,
        lastBarOpenMs: reached?.lastBarOpenMs ?? null,
      });
    });
    this.#fault('after_match', ++this.#advances);
    return newest;
  }

  /** The newest bar that had closed by then. */
  newestBar({ stream, toMs }: ClockMove): Promise<Bar | undefined> {
    return newestBar(this.#ingester, stream, toMs);
  }

  /** From where bars are needed; undefined where no order waits for any. */
  async #firstOpenMs(
    { account, stream }: ClockMove,
    clock: PaperClock | undefined,
  ): Promise<number | undefined> {
    const { placed } = await this.#db
      .selectFrom('trading.paper_order')
      .select(({ fn }) => fn.min('placed_at').as('placed'))
      .where('account', '=', account)
      .where('stream', '=', stream)
      .where('status', '=', 'working')
      .executeTakeFirstOrThrow();
    if (placed === null) return undefined;
    const underWayMs = placed.getTime() - TIMEFRAME_MS[timeframeOf(stream)] + 1;
    return Math.max(underWayMs, (clock?.lastBarOpenMs ?? -1) + 1, 0);
  }

  /** One page of bars, in one transaction of the venue's books. */
  async #pass(advance: ClockMove, bars: readonly Bar[]): Promise<void> {
    const { account, stream, instrument } = advance;
    const calendar = await this.#calendars.of(stream);
    await this.#db.transaction().execute(async (trx) => {
      const terms = await lockPaperAccount(trx, account);
      const clock = await this.#lockedClock(trx, advance);
      const lastOpenMs = clock?.lastBarOpenMs ?? -1;
      const fresh = bars.filter((bar) => bar.openMs > lastOpenMs);
      const last = fresh.at(-1);
      if (!last) return;
      const known = await workingOrders(trx, account, stream);
      const orders = [...known.values()].map(({ order }) => order);
      const start = { cash: terms.cash, quantity: await readHolding(trx, account, instrument) };
      const costs = fillCosts(terms.costs);
      const passed = passBars(orders, fresh, start, { costs, calendar, timeframe: timeframeOf(stream) });
      await storePassed(trx, known, passed, { account, currency: terms.currency, instrument });
      if (passed.reports.length > 0) await storeHolding(trx, account, instrument, passed.holding);
      const clockMs = Math.max(clock?.clockMs ?? 0, last.openMs);
      await storeClock(trx, account, stream, { clockMs, lastBarOpenMs: last.openMs });
    });
  }

  async #lockedClock(trx: Trx, { account, stream, toMs }: ClockMove): Promise<PaperClock | undefined> {
    await lockPaperAccount(trx, account);
    const clock = await readClock(trx, account, stream);
    if (clock && toMs < clock.clockMs) throw clockWouldGoBack(stream, clock.clockMs);
    return clock;
  }
}

function clockWouldGoBack(stream: string, clockMs: number): ServiceError {
  return new ServiceError('clock_would_go_back', 409, `${stream} was replayed up to ${clockMs} already`, {
    fields: [{ field: 'body.to_ms', message: `must be at least ${clockMs}` }],
  });
}

function timeframeOf(stream: string): Timeframe {
  const name = stream.split(':').at(-1) ?? '';
  if (!isTimeframe(name)) throw new Error(`stream ${stream} has no timeframe`);
  return name;
}
