import type { QualityThresholds } from '@aistock/shared';
import type { RejectionReason } from './check-bars.ts';
import type { FindingKind } from './monitor-bars.ts';

/** `session`: a missing bar is a gap. `trades_only`: the source makes no bar while nobody trades. */
export type GapMeaning = 'session' | 'trades_only';
/** From best to worst; `block` stops training and new entries. */
export type Verdict = 'pass' | 'warn' | 'block';

/** Not faults of the data: the bar comes again, or it came before. */
const HARMLESS: ReadonlySet<RejectionReason> = new Set([
  'open_bar',
  'before_watermark',
  'duplicate_identical',
]);

/** True for a rejection that says something against the source. */
export function isFault(reason: RejectionReason): boolean {
  return !HARMLESS.has(reason);
}

/** What is known of a stretch of bars; what a named person has accepted is left out. */
export interface QualityCounts {
  readonly bars: number;
  readonly expectedBars: number;
  readonly missingBars: number;
  /** Bars by kind of finding; a kind that was not found may be left out. */
  readonly findings: Partial<Readonly<Record<FindingKind, number>>>;
}

/** Everything that a verdict is derived from. */
export interface StreamQuality {
  readonly gapMeaning: GapMeaning;
  readonly whole: QualityCounts;
  /** The same of the newest bars, as many as `recent_bars` says. */
  readonly recent: QualityCounts;
  /** Bars that were not taken for a fault of their own. */
  readonly faultyBars: number;
  readonly quarantinedFiles: number;
  /** How many closes without a change the stream ends with. */
  readonly staleNowBars: number;
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Whether a stream is good enough to train and trade on, with every reason, its numbers and the limit that they passed.
 * The newest bars are judged by the same limits once more, and told where they are worse than the whole.
 */
export function qualityVerdict(
  quality: StreamQuality,
  thresholds: QualityThresholds,
): { verdict: Verdict; reasons: string[] } {
  const { whole, recent, gapMeaning } = quality;
  if (whole.bars === 0) return { verdict: 'block', reasons: ['there are no bars'] };
  const judgements = [
    ...judgeShares(sharesOf(whole, gapMeaning), sharesOf(recent, gapMeaning), thresholds),
    ...judgeFaulty(quality, thresholds),
    ...judgeStaleNow(quality, thresholds),
  ];
  if (quality.quarantinedFiles > 0)
    judgements.push({ verdict: 'warn', reason: `${quality.quarantinedFiles} files are quarantined` });
  return {
    verdict: worst(judgements.map(({ verdict }) => verdict)),
    reasons: judgements.map(({ reason }) => reason),
  };
}

const SHARES = {
  missing: 'expected bars are missing',
  outlier: 'bars are outliers',
  stale: 'bars are in stale runs',
  volume: 'bars have an anomalous volume',
  zero_volume: 'bars are in runs without volume',
  restated: 'bars were restated',
} as const;
type ShareName = keyof typeof SHARES;

interface Share {
  readonly name: ShareName;
  readonly part: number;
  readonly of: number;
}

function sharesOf(counts: QualityCounts, gapMeaning: GapMeaning): Share[] {
  const { bars, expectedBars, findings } = counts;
  const missing = gapMeaning === 'trades_only' ? 0 : counts.missingBars;
  return (Object.keys(SHARES) as ShareName[]).map((name) =>
    name === 'missing'
      ? { name, part: missing, of: Math.max(expectedBars, missing) }
      : { name, part: findings[name] ?? 0, of: bars },
  );
}

function judgeShares(
  whole: readonly Share[],
  recent: readonly Share[],
  thresholds: QualityThresholds,
): Judgement[] {
  return whole.flatMap((share, index) => {
    const overall = judgeShare(share, thresholds);
    const lately = judgeShare(recent[index]!, thresholds);
    const worse = RANK[lately?.verdict ?? 'pass'] > RANK[overall?.verdict ?? 'pass'];
    const told = worse && lately ? [{ ...lately, reason: `lately ${lately.reason}` }] : [];
    return overall ? [overall, ...told] : told;
  });
}

function judgeShare({ name, part, of }: Share, thresholds: QualityThresholds): Judgement | undefined {
  const limits = { warn: thresholds[`${name}_share_warn`], block: thresholds[`${name}_share_block`] };
  return judge(part, of, SHARES[name], limits);
}

function judgeFaulty({ whole, faultyBars }: StreamQuality, thresholds: QualityThresholds): Judgement[] {
  const limits = { warn: thresholds.faulty_share_warn, block: thresholds.faulty_share_block };
  const judgement = judge(faultyBars, whole.bars + faultyBars, 'bars were faulty', limits);
  return judgement ? [judgement] : [];
}

function judge(
  part: number,
  of: number,
  what: string,
  limits: { readonly warn: number; readonly block: number },
): Judgement | undefined {
  const share = of > 0 ? part / of : 0;
  const numbers = `${part} of ${of} ${what}: ${percent(share)}`;
  if (share > limits.block)
    return { verdict: 'block', reason: `${numbers}, above ${percent(limits.block)} blocks` };
  if (share > limits.warn)
    return { verdict: 'warn', reason: `${numbers}, above ${percent(limits.warn)} warns` };
  return undefined;
}

function judgeStaleNow({ staleNowBars }: StreamQuality, thresholds: QualityThresholds): Judgement[] {
  const limit = thresholds.stale_now_bars_block;
  if (staleNowBars < limit) return [];
  const reason = `the close has not changed for the last ${staleNowBars} bars, ${limit} or more block`;
  return [{ verdict: 'block', reason }];
}

const RANK: Readonly<Record<Verdict, number>> = { pass: 0, warn: 1, block: 2 };

function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce(
    (worse, verdict) => (RANK[verdict] > RANK[worse] ? verdict : worse),
    'pass' as Verdict,
  );
}

const PERCENT_DIGITS = 3;
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(PERCENT_DIGITS))} %`;
}
