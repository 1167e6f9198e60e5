import type { RejectionReason } from './check-bars.ts';

/** `session`: a missing bar is a gap. `trades_only`: the source makes no bar while nobody trades. */
export type GapMeaning = 'session' | 'trades_only';
export type Verdict = 'pass' | 'warn' | 'block';

/** Shares from which data is no longer good enough to train and trade on. */
const QUALITY_LIMITS = {
  /** Of the expected bars. */
  missingShareBlock: 0.05,
  /** Of all bars that came. */
  rejectedShareBlock: 0.01,
} as const;

/** Not faults of the data: the bar comes again, or it came before. */
const HARMLESS: ReadonlySet<RejectionReason> = new Set([
  'open_bar',
  'before_watermark',
  'duplicate_identical',
]);

export interface StreamQuality {
  readonly bars: number;
  readonly expectedBars: number;
  readonly missingBars: number;
  readonly gapMeaning: GapMeaning;
  readonly rejected: readonly { readonly reason: RejectionReason; readonly count: number }[];
  readonly quarantinedFiles: number;
}

/**
 * Whether a stream is good enough to train and trade on, with every reason. `block`: no bars at all, more than 5 % of
 * the expected bars missing (unless the source makes bars of trades only), more than 1 % of the bars faulty. `warn`: any
 * missing or faulty bar or quarantined file.
 */
export function qualityVerdict(quality: StreamQuality): { verdict: Verdict; reasons: string[] } {
  const { bars, expectedBars, missingBars, quarantinedFiles } = quality;
  const faulty = quality.rejected
    .filter(({ reason }) => !HARMLESS.has(reason))
    .reduce((sum, { count }) => sum + count, 0);
  const missing = quality.gapMeaning === 'trades_only' ? 0 : missingBars;
  const missingShare = expectedBars > 0 ? missing / expectedBars : 0;
  const faultyShare = faulty > 0 ? faulty / (bars + faulty) : 0;

  const reasons: string[] = [];
  if (bars === 0) reasons.push('there are no bars');
  if (missing > 0) reasons.push(`${missing} of ${expectedBars} expected bars are missing`);
  if (faulty > 0) reasons.push(`${faulty} of ${bars + faulty} bars were faulty`);
  if (quarantinedFiles > 0) reasons.push(`${quarantinedFiles} files are quarantined`);

  const blocks =
    bars === 0 ||
    missingShare > QUALITY_LIMITS.missingShareBlock ||
    faultyShare > QUALITY_LIMITS.rejectedShareBlock;
  return { verdict: blocks ? 'block' : reasons.length > 0 ? 'warn' : 'pass', reasons };
}
