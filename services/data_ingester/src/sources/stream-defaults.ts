import { TIMEFRAME_MS, type Timeframe } from '@aistock/market';
import type { Clock } from '@aistock/service-kit';
import { QualityThresholds } from '@aistock/shared';
import type { Config } from '../config.ts';

/** How far back an exchange's series begins where no start is told, in bars. */
const START_BARS_DEFAULT = 5_000;

/** What holds for a stream that says nothing else. */
export interface StreamDefaults {
  /** Rows of the source in one chunk. */
  readonly chunkBars: number;
  readonly quality: QualityThresholds;
  /** Where the series of an exchange begins, Unix ms UTC. */
  readonly startMs: (timeframe: Timeframe) => number;
}

export function streamDefaults(config: Config, clock: Clock): StreamDefaults {
  return {
    chunkBars: config.INGEST_CHUNK_BARS,
    quality: QualityThresholds.parse({ faulty_share_block: config.QC_FAULTY_SHARE_MAX }),
    startMs: (timeframe) => {
      const stepMs = TIMEFRAME_MS[timeframe];
      return Math.max(0, Math.floor(clock.nowMs() / stepMs) - START_BARS_DEFAULT) * stepMs;
    },
  };
}
