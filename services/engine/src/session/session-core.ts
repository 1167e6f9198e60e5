import { createHash, type Hash } from 'node:crypto';
import type { Bar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Limits } from '@aistock/shared';
import { BarCursor, BarSeries } from '@aistock/trading/bars';
import {
  createCore,
  type Core,
  type CoreEvent,
  type CoreSetup,
  type LoggedDecision,
} from '@aistock/trading/core';
import type { QualityEvent } from './answers/quality-answer.ts';
import type { TradingStateEvent } from './answers/trading-states.ts';
import { linesSha256, type JournalEntry } from './journal.ts';
import { OrderTracker, type TrackedOrder } from './order-tracker.ts';
import { OutcomeBook, type DueOutcome } from './outcome-book.ts';

/** Everything that a session is after a close, as JSON. */
export interface SessionSnapshot {
  /** When the bars of the close closed, Unix ms; null before the first. */
  readonly closeMs: number | null;
  /** The newest bars of each stream, ascending. */
  readonly bars: Readonly<Record<string, readonly Bar[]>>;
  /** Null before the first event. */
  readonly core: unknown;
  readonly orders: readonly TrackedOrder[];
  readonly outcomes: readonly DueOutcome[];
  /** What was told last of each stream and of each scope. */
  readonly quality: readonly QualityEvent[];
  readonly restrictions: readonly TradingStateEvent[];
  readonly stale: readonly string[];
  /** Those that were told last; not there while those of the terms hold. */
  readonly limits?: Limits;
}

/** A session before its first event. */
export function firstSnapshot(bars: SessionSnapshot['bars']): SessionSnapshot {
  return {
    closeMs: null,
    bars,
    core: null,
    orders: [],
    outcomes: [],
    quality: [],
    restrictions: [],
    stale: [],
  };
}

/** A close that was decided. */
export interface DecidedClose {
  readonly entry: JournalEntry;
  readonly decisions: readonly LoggedDecision[];
}

/**
 * The core of a session with what belongs to it: its bars, its open orders, what is to be learned, its log. All of it
 * follows from the events that it is told.
 */
export class SessionCore {
  readonly setup: CoreSetup;
  readonly core: Core;
  readonly tracker: OrderTracker;
  readonly outcomes: OutcomeBook;
  /** What was told last, by stream, by scope, and the streams that are stale. */
  readonly quality: Map<string, QualityEvent>;
  readonly restrictions: Map<string, TradingStateEvent>;
  readonly stale: Set<string>;
  limits: Limits | null;
  readonly #cursors: ReadonlyMap<string, BarCursor>;
  readonly #lookback: number;
  readonly #log: Hash = createHash('sha256');
  /** Told since the last close. */
  #events: CoreEvent[] = [];
  #seq: number;
  #closeMs: number;

  /**
   * @param lookback how many bars of a stream a snapshot keeps.
   * @param seq the close that the snapshot is of; 0 is the start.
   */
  constructor(
    setup: CoreSetup,
    snapshot: SessionSnapshot,
    { lookback, seq }: { readonly lookback: number; readonly seq: number },
  ) {
    this.setup = setup;
    this.#lookback = lookback;
    this.#cursors = new Map(
      setup.streams.map(({ id }) => {
        const series = BarSeries.of(snapshot.bars[id] ?? []);
        return [id, new BarCursor(series, series.length)];
      }),
    );
    this.core = createCore(setup, this.#cursors, snapshot.core ?? undefined);
    this.tracker = new OrderTracker(snapshot.orders);
    this.outcomes = new OutcomeBook(snapshot.outcomes);
    this.quality = new Map(snapshot.quality.map((event) => [event.stream, event]));
    this.restrictions = new Map(snapshot.restrictions.map((event) => [event.scope, event]));
    this.stale = new Set(snapshot.stale);
    this.limits = snapshot.limits ?? setup.limits;
    this.#seq = seq;
    this.#closeMs = snapshot.closeMs ?? -Infinity;
  }

  get seq(): number {
    return this.#seq;
  }

  /** When the bars of the last close closed, Unix ms; -Infinity before the first. */
  get closeMs(): number {
    return this.#closeMs;
  }

  /** How much was told since the last close. */
  get told(): number {
    return this.#events.length;
  }

  /** SHA-256 of the whole decision log so far. */
  get logSha256(): string {
    return this.#log.copy().digest('hex');
  }

  /** Open time of a stream's newest bar, Unix ms; undefined before the first. */
  newestOpenMs(stream: string): number | undefined {
    const cursor = this.bars(stream);
    return cursor.count === 0 ? undefined : cursor.openMs(0);
  }

  bars(stream: string): BarCursor {
    const cursor = this.#cursors.get(stream);
    if (cursor) return cursor;
    throw new RangeError(`there is no stream ${stream} in this session`);
  }

  /** Lines that were logged before the snapshot. */
  logBefore(lines: readonly string[]): void {
    for (const line of lines) this.#log.update(line).update('\n');
  }

  /** Tells what happened. What cannot be is refused, and leaves no trace. @throws RangeError. */
  tell(event: Exclude<CoreEvent, { type: 'close' }>): void {
    this.core.handle(event);
    this.#note(event);
  }

  /** Decides at a close. */
  close(atMs: number): DecidedClose {
    const event = { type: 'close', atMs } as const;
    const decisions = this.core.handle(event);
    this.#events.push(event);
    const lines = decisions.map(({ line }) => line);
    this.logBefore(lines);
    for (const { decision } of decisions) if (decision.kind === 'slot') this.tracker.decided(decision);
    this.#seq++;
    this.#closeMs = atMs;
    const entry = { seq: this.#seq, closeMs: atMs, events: this.#events, lines };
    this.#events = [];
    return { entry, decisions };
  }

  /** Does a close of the journal again. @throws ServiceError `journal_mismatch` where it comes to something else. */
  replay(entry: JournalEntry & { readonly linesSha256: string }): DecidedClose {
    for (const event of entry.events) if (event.type !== 'close') this.tell(event);
    const again = this.close(entry.closeMs);
    if (again.entry.seq === entry.seq && linesSha256(again.entry.lines) === entry.linesSha256) return again;
    throw new ServiceError(
      'journal_mismatch',
      409,
      `close ${entry.seq} of the journal, decided again from its events, comes to other lines; nothing more is traded`,
    );
  }

  /** Only right after a close: what is told later is part of the next one. */
  snapshot(): SessionSnapshot {
    const bars = [...this.#cursors].map(([id, cursor]): [string, Bar[]] => {
      const first = Math.max(0, cursor.count - this.#lookback);
      return [
        id,
        Array.from({ length: cursor.count - first }, (_, index) => cursor.series.exact(first + index)),
      ];
    });
    return {
      closeMs: Number.isFinite(this.#closeMs) ? this.#closeMs : null,
      bars: Object.fromEntries(bars),
      core: this.core.snapshot(),
      orders: structuredClone(this.tracker.open),
      outcomes: this.outcomes.due,
      quality: [...this.quality.values()],
      restrictions: [...this.restrictions.values()],
      stale: [...this.stale],
      ...(this.limits && this.limits !== this.setup.limits && { limits: this.limits }),
    };
  }

  #note(event: CoreEvent): void {
    this.#events.push(event);
    this.tracker.told(event);
    for (const trade of this.core.takeTrades()) this.outcomes.add(trade);
    // New parameters are asked for once what came of the old ones was told; where nobody answered, it was not.
    if (event.type === 'params' && event.missing !== 'unreachable') this.outcomes.settle(event.slot);
    if (event.type === 'quality') this.quality.set(event.stream, event);
    if (event.type === 'trading_state') this.restrictions.set(event.scope, event);
    if (event.type === 'limits') this.limits = event.limits;
    if (event.type === 'stale') this.stale[event.stale ? 'add' : 'delete'](event.stream);
  }
}
