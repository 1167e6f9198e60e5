import {
  checkBars,
  countRejections,
  findGaps,
  type Bar,
  type Calendar,
  type Gap,
  type Hours,
  type RejectionCount,
  type RejectionReason,
  type Sessions,
  type Timeframe,
} from '@aistock/market';

/** Where one of these is found, nothing else in the chunk is believed either. */
const DISTRUST: readonly RejectionReason[] = [
  'non_positive_price',
  'negative_volume',
  'duplicate_conflicting',
  'out_of_order',
];
/** Single faulty bars: left out one by one while they are few. */
const FAULTS: readonly RejectionReason[] = ['not_a_number', 'misaligned', 'ohlc_inconsistent'];

export interface ChunkContext {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  /** Which bars are missing where they did not come; `regular` unless told. */
  readonly sessions?: Sessions;
  /** When no bar is missing though the calendar expects one. */
  readonly closed?: readonly Hours[];
  /** The venue's clock, Unix ms UTC. */
  readonly clockMs: number;
  /** Open time of the last registered bar; null where there is none. */
  readonly watermarkMs: number | null;
  /** The share of faulty bars above which the whole chunk is refused. */
  readonly faultyShareMax: number;
}

interface Counted {
  readonly rejected: readonly RejectionCount[];
}

export type ChunkDecision =
  | (Counted & { readonly kind: 'register'; readonly bars: readonly Bar[]; readonly gaps: readonly Gap[] })
  | (Counted & { readonly kind: 'nothing_new' })
  | (Counted & { readonly kind: 'quarantine'; readonly code: string; readonly detail: string });

/** What is to be done with the bars that a source gave: all sound ones are registered, or none of the chunk. */
export function decideChunk(fetched: readonly Bar[], context: ChunkContext): ChunkDecision {
  const { accepted, rejected: rejectedBars } = checkBars(fetched, context);
  const rejected = countRejections(rejectedBars);
  const distrust = rejected.find(({ reason }) => DISTRUST.includes(reason));
  if (distrust) return { kind: 'quarantine', rejected, ...untrusted(distrust) };

  const faulty = rejected
    .filter(({ reason }) => FAULTS.includes(reason))
    .reduce((sum, { count }) => sum + count, 0);
  if (faulty > fetched.length * context.faultyShareMax)
    return {
      kind: 'quarantine',
      rejected,
      code: 'bars_faulty',
      detail: `${faulty} of ${fetched.length} bars are faulty, more than the allowed share of ${context.faultyShareMax}`,
    };
  if (accepted.length === 0) return { kind: 'nothing_new', rejected };
  return { kind: 'register', rejected, bars: accepted, gaps: gapsSince(accepted, context) };
}

function untrusted({ reason, count, firstOpenMs }: RejectionCount): { code: string; detail: string } {
  const where = firstOpenMs === null ? '' : `, the first opens at ${firstOpenMs}`;
  return { code: `bars_${reason}`, detail: `${count} bars are refused as ${reason}${where}` };
}

/** What is missing among the new bars, and between the last registered one and them. */
function gapsSince(bars: readonly Bar[], { watermarkMs, ...schedule }: ChunkContext): Gap[] {
  const opens = bars.map((bar) => bar.openMs);
  return findGaps(watermarkMs === null ? opens : [watermarkMs, ...opens], schedule);
}
