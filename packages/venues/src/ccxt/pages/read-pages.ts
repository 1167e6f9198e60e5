import type { Bar } from '@aistock/market';
import { SourceError, type UnservedRange } from '../../bar-source.ts';
import { decidePage, type Manner } from './decide-page.ts';

/** Questions that one reading may ask in all. */
const PAGES_MAX = 60;
/** Answers in a row that are none, before the source is given up. */
const STALE_MAX = 3;
/** Asked for at least: a page of a bar or two cannot be told from another one. */
const ASK_BARS_MIN = 10;
/** An answer without bars is believed when it has come so often. */
const EMPTY_BELIEVED = 2;
/** Stretches without bars in a row before a larger timeframe is asked where bars go on. */
const STRETCHES_MAX = 3;

export interface PageTerms {
  /** Bars that open at this time, Unix ms UTC, and later. */
  readonly fromMs: number;
  readonly stepMs: number;
  /** At most so many bars. */
  readonly limit: number;
  /** The source's own bound on one answer. */
  readonly pageBars: number;
  /** The source's clock, Unix ms UTC. */
  readonly clockMs: number;
  readonly keptBars: number | undefined;
  readonly earlierBars: number;
  /** Bars as they came in one answer to one question. */
  readonly ask: (sinceMs: number, count: number) => Promise<readonly Bar[]>;
  /** The first time at or after this that there may be bars again; undefined where nobody can tell. */
  readonly resumesMs: (fromMs: number) => Promise<number | undefined>;
}

export interface ReadBars {
  readonly bars: readonly Bar[];
  /** Bars that have closed may be left. */
  readonly more: boolean;
  readonly unserved: readonly UnservedRange[];
}

/** Where a reading stands. */
interface Reading {
  fromMs: number;
  readonly bars: Bar[];
  readonly unserved: UnservedRange[];
  manner: Manner;
  doubt: { readonly firstMs: number; readonly count: number } | undefined;
  /** Where the stretch without bars began that is being walked through. */
  emptyFromMs: number | undefined;
  /** Answers without bars in a row. */
  empty: number;
  stale: number;
}

/**
 * Reads closed bars page by page. No bar is passed over because of how pages are cut, ordered or repeated.
 * @throws SourceError `source_stuck` where the source keeps giving something else than it is asked for.
 */
export async function readPages(terms: PageTerms): Promise<ReadBars> {
  const { stepMs, clockMs, limit, keptBars, earlierBars } = terms;
  const reading: Reading = {
    fromMs: Math.ceil(terms.fromMs / stepMs) * stepMs,
    bars: [],
    unserved: [],
    manner: { keptBars, earlierBars, givesAnchor: false, givesWindows: false },
    doubt: undefined,
    emptyFromMs: undefined,
    empty: 0,
    stale: 0,
  };
  const closedLeft = (): boolean => reading.fromMs + stepMs <= clockMs;
  for (let page = 0; page < PAGES_MAX && closedLeft() && reading.bars.length < limit; page++) {
    await readPage(reading, terms);
  }
  if (reading.bars.length === 0 && closedLeft()) throw stuck(terms, `${PAGES_MAX} answers brought no bar`);
  const cut = reading.bars.length > limit;
  return { bars: reading.bars.slice(0, limit), more: cut || closedLeft(), unserved: reading.unserved };
}

async function readPage(reading: Reading, terms: PageTerms): Promise<void> {
  const { stepMs, limit, pageBars, clockMs } = terms;
  const { fromMs, doubt, manner } = reading;
  const few = Math.min(pageBars, Math.max(ASK_BARS_MIN, limit - reading.bars.length + 1));
  const wanted = reading.emptyFromMs === undefined ? few : pageBars;
  const count = doubt?.count ?? wanted;
  const rows = await terms.ask(Math.max(0, fromMs - stepMs), count);
  const lastMs = reading.bars.at(-1)?.openMs;
  const decision = decidePage(
    {
      fromMs,
      stepMs,
      count,
      clockMs,
      anchorKnown: lastMs !== undefined && lastMs >= fromMs - stepMs,
      doubtedMs: doubt?.firstMs,
      manner,
    },
    rows,
  );
  reading.doubt = decision.kind === 'doubt' ? decision : undefined;
  if (decision.kind === 'stale') return again(reading, terms, decision.why);
  if (decision.kind === 'doubt') return;
  if (decision.anchored && reading.emptyFromMs !== undefined && reading.emptyFromMs < fromMs) {
    reading.fromMs = reading.emptyFromMs;
    return again(reading, terms, 'were empty where there are bars');
  }
  if (decision.bars.length === 0 && ++reading.empty % EMPTY_BELIEVED !== 0) {
    reading.doubt = doubt;
    return;
  }
  const givesWindows = manner.givesWindows || (doubt !== undefined && decision.bars.length === 0);
  reading.manner = { ...manner, givesWindows, givesAnchor: manner.givesAnchor || decision.anchored };
  if (decision.unserved) reading.unserved.push(decision.unserved);
  if (decision.bars.length === 0) return passEmpty(reading, terms, decision.nextMs);
  for (const bar of decision.bars) reading.bars.push(bar);
  Object.assign(reading, { fromMs: decision.nextMs, emptyFromMs: undefined, empty: 0, stale: 0 });
}

function again(reading: Reading, terms: PageTerms, why: string): void {
  reading.emptyFromMs = undefined;
  reading.empty = 0;
  reading.stale += 1;
  if (reading.stale >= STALE_MAX) throw stuck(terms, `${STALE_MAX} answers ${why}`);
}

async function passEmpty(reading: Reading, terms: PageTerms, nextMs: number): Promise<void> {
  reading.emptyFromMs ??= reading.fromMs;
  reading.fromMs = nextMs;
  if (reading.empty % (EMPTY_BELIEVED * STRETCHES_MAX) !== 0) return;
  const resumesMs = await terms.resumesMs(nextMs);
  if (resumesMs !== undefined) reading.fromMs = Math.max(nextMs, resumesMs);
}

function stuck({ fromMs }: PageTerms, why: string): SourceError {
  return new SourceError('source_stuck', `asked for bars from ${new Date(fromMs).toISOString()} on, ${why}`);
}
