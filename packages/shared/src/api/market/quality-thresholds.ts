import { z } from 'zod';

const share = (preset: number) => z.number().min(0).max(1).default(preset);
const bars = (preset: number) => z.int().min(2).max(1_000_000).default(preset);

/**
 * From what on a stream's bars are told (`warn`), and from what on nothing is trained or traded on them (`block`). Shares
 * are of bars, from 0 to 1; a limit is passed where the share is above it. An empty object gives the presets.
 */
export const QualityThresholds = z
  .strictObject({
    /** Shares are also taken over the newest bars alone, so that a long sound past does not hide what is wrong now. */
    recent_bars: bars(2_000),
    /** Bars that a bar is measured against: the window of the robust z-scores. */
    window_bars: z.int().min(20).max(2_000).default(240),

    /** Of the bars that the calendar expects. Not asked where the source makes bars of trades only. */
    missing_share_warn: share(0),
    missing_share_block: share(0.05),
    /** Of all bars that came: those that cannot be, such as a high below the low. */
    faulty_share_warn: share(0),
    faulty_share_block: share(0.01),

    /** A log return is an outlier where its robust z-score is above this, either way. */
    outlier_z: z.number().min(3).max(1_000).default(15),
    outlier_share_warn: share(0.002),
    outlier_share_block: share(0.02),

    /** So many closes in a row without a change are a stale run. */
    stale_bars: bars(30),
    stale_share_warn: share(0.01),
    stale_share_block: share(0.5),
    /** A stale run that is still going on at the newest bar blocks from this length on: the feed may be frozen. */
    stale_now_bars_block: bars(120),

    /** The volume of a bar is an anomaly where the robust z-score of its logarithm is above this, either way. */
    volume_z: z.number().min(3).max(1_000).default(10),
    volume_share_warn: share(0.005),
    volume_share_block: share(0.05),

    /** So many bars in a row without volume are a run, in a stream that ever had volume. */
    zero_volume_bars: bars(30),
    zero_volume_share_warn: share(0.01),
    zero_volume_share_block: share(0.5),

    /** Closed bars before the watermark that each ingest asks for again; 0 for none. */
    restate_bars: z.int().min(0).max(100).default(3),
    restated_share_warn: share(0),
    restated_share_block: share(0.01),
  })
  .meta({ id: 'QualityThresholds' });
export type QualityThresholds = z.infer<typeof QualityThresholds>;
