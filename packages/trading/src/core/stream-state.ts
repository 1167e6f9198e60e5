import { closeMs, type Bar } from '@aistock/market';
import type { BarCursor } from '../bars/index.ts';
import type { StreamQuality } from './events.ts';
import { rulesAt, type InstrumentRules } from './instruments/instrument-rules.ts';
import type { StreamSetup } from './setup.ts';

/** A stream as the core knows it: its bars up to now, and what was told about them. */
export class StreamState {
  readonly setup: StreamSetup;
  readonly cursor: BarCursor;
  /** Those of the setup until others are told. */
  rules: readonly InstrumentRules[];
  /** When the newest bar closed, Unix ms; -Infinity before the first. */
  newestCloseMs = -Infinity;
  quality: StreamQuality = 'unknown';
  qualityReasons: readonly string[] = [];
  stale = false;

  /** The newest close as text, and of how many bars it is the newest: it is made once. */
  #closeText: string | null = null;
  #closeTextCount = 0;

  constructor(setup: StreamSetup, cursor: BarCursor) {
    this.setup = setup;
    this.rules = setup.rules;
    this.cursor = cursor;
    if (cursor.count > 0) this.#seeNewest();
  }

  /** Takes a bar in that the series does not have yet. @throws RangeError where it does not come after the newest. */
  push(bar: Bar): void {
    const { series } = this.cursor;
    if (this.cursor.count !== series.length)
      throw new RangeError(`stream ${this.setup.id} holds bars that were not revealed`);
    series.push(bar);
    this.reveal();
  }

  /** Lets the next bar of the series be seen. @throws RangeError where there is none. */
  reveal(): void {
    this.cursor.reveal();
    this.#seeNewest();
  }

  /** Open time of the newest bar, Unix ms; null before the first. */
  get newestOpenMs(): number | null {
    return this.cursor.count === 0 ? null : this.cursor.openMs(0);
  }

  /** The newest close, exact; null before the first bar. */
  get closeText(): string | null {
    const { count, series } = this.cursor;
    if (this.#closeTextCount !== count) {
      this.#closeText = count === 0 ? null : series.exactPart(count - 1, 'close');
      this.#closeTextCount = count;
    }
    return this.#closeText;
  }

  /** The instrument's rules in force at a time; undefined where none are known. */
  rulesAt(atMs: number): InstrumentRules | undefined {
    return rulesAt(this.rules, atMs);
  }

  #seeNewest(): void {
    this.newestCloseMs = closeMs(this.cursor.openMs(0), this.setup.timeframe, this.setup.calendar);
  }
}
