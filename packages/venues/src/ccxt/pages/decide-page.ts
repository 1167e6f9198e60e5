import type { Bar } from '@aistock/market';
import type { UnservedRange } from '../../bar-source.ts';

/** What is known of how a source answers. */
export interface Manner {
  /** See `Quirks`. */
  readonly keptBars: number | undefined;
  readonly earlierBars: number;
  /** It has given a bar that a question began with. */
  readonly givesAnchor: boolean;
  /** It has given nothing to a question although it has later bars: it looks no further than the bars asked for reach. */
  readonly givesWindows: boolean;
}

/** What a page was asked for. */
export interface AskedPage {
  /** The bar that is wanted next, Unix ms UTC. One bar before it was asked for too: the anchor. */
  readonly fromMs: number;
  readonly stepMs: number;
  /** How many bars were asked for, with the anchor. */
  readonly count: number;
  /** The source's clock before the question, Unix ms UTC. */
  readonly clockMs: number;
  /** The anchor is a bar that this source gave before. */
  readonly anchorKnown: boolean;
  /** The first bar of an answer that began later than it was asked to, where this question is to find out why. */
  readonly doubtedMs: number | undefined;
  readonly manner: Manner;
}

export type PageDecision =
  /** Bars to be kept, each once and in order; go on from `nextMs`. No bars where the source has none there. */
  | {
      readonly kind: 'bars';
      readonly bars: readonly Bar[];
      readonly nextMs: number;
      readonly anchored: boolean;
      readonly unserved?: UnservedRange;
    }
  /** Bars may be missing before the first: ask for `count` from the same time. */
  | { readonly kind: 'doubt'; readonly firstMs: number; readonly count: number }
  /** No answer to what was asked: ask again. */
  | { readonly kind: 'stale'; readonly why: string };

/**
 * What to make of an answer, whose bars may be in any order, come twice, come from before or long after the asked time.
 * Two things tell an outage from a source that does not do as it is asked. The anchor, the last bar of the page before,
 * must come again. Where there is none, the first bar of an answer must not depend on how many were asked for.
 */
export function decidePage(asked: AskedPage, rows: readonly Bar[]): PageDecision {
  const { fromMs, stepMs, clockMs } = asked;
  const anchored = rows.some(({ openMs }) => openMs >= fromMs - stepMs && openMs < fromMs);
  const bars = inOrderOnce(rows.filter(({ openMs }) => openMs >= fromMs));
  const first = bars[0];
  if (first === undefined) return decideEmpty(asked, rows, anchored);
  // A bar of the future is for the quality check to refuse; it must not carry the reading past those before it.
  const lastMs = bars.findLast(({ openMs }) => openMs <= clockMs)?.openMs ?? first.openMs;
  const found = { kind: 'bars', bars, nextMs: lastMs + stepMs, anchored } as const;
  if (anchored || first.openMs - fromMs < stepMs) return found;
  const unserved = unservedBefore(first.openMs, asked);
  return unserved ? { ...found, unserved } : decideLate(asked, bars, found);
}

function decideEmpty(asked: AskedPage, rows: readonly Bar[], anchored: boolean): PageDecision {
  const { fromMs, stepMs, count, manner } = asked;
  const anchorMs = fromMs - stepMs;
  const earliestMs = anchorMs - manner.earlierBars * stepMs;
  if (rows.some(({ openMs }) => openMs < earliestMs)) return stale('began before the asked time');
  if (asked.anchorKnown && manner.givesAnchor && !anchored)
    return stale('lacked a bar that was there before');
  return { kind: 'bars', bars: [], nextMs: anchorMs + count * stepMs, anchored };
}

/** The bars begin later than asked for: after an outage, or because the source gave others than it was asked for. */
function decideLate(asked: AskedPage, bars: readonly Bar[], found: PageDecision): PageDecision {
  const { fromMs, stepMs, count, manner, doubtedMs } = asked;
  const firstMs = bars[0]!.openMs;
  const windowEndMs = fromMs + count * stepMs;
  if (manner.givesWindows && bars.at(-1)!.openMs > windowEndMs) return stale('ended after the asked bars');
  if (doubtedMs === undefined || firstMs < doubtedMs) {
    const missing = Math.ceil((firstMs - fromMs) / stepMs);
    // A source that gives its newest bars whatever the time gives other ones for half as many.
    const most = manner.givesWindows ? count : Math.floor(bars.length / 2);
    return { kind: 'doubt', firstMs, count: Math.max(2, Math.min(missing + 1, most)) };
  }
  return firstMs > doubtedMs ? stale('had the newest bars, not those after the asked time') : found;
}

/** Rows that are the same in everything come once. Two different ones of one time are for the quality check. */
function inOrderOnce(rows: readonly Bar[]): Bar[] {
  const inOrder = rows.toSorted((a, b) => a.openMs - b.openMs);
  return inOrder.filter((row, i) => {
    const before = inOrder[i - 1];
    return before?.openMs !== row.openMs || JSON.stringify(before) !== JSON.stringify(row);
  });
}

function stale(why: string): PageDecision {
  return { kind: 'stale', why };
}

/** Where the source is known to keep only so many bars, a late first one is the oldest that it has. */
function unservedBefore(
  firstMs: number,
  { fromMs, stepMs, clockMs, manner }: AskedPage,
): UnservedRange | undefined {
  const { keptBars } = manner;
  if (keptBars === undefined) return undefined;
  const oldestMs = (Math.floor(clockMs / stepMs) - keptBars + 1) * stepMs;
  if (firstMs > oldestMs + stepMs) return undefined;
  return { fromMs, toMs: firstMs, why: `only the newest ${keptBars} bars are kept` };
}
