import type { Bar } from '@aistock/market';
import type { ConfiguredStream } from '../stream-spec.ts';

/** Bars that have just been registered. */
export interface RegisteredChunk {
  readonly stream: ConfiguredStream;
  /** The source that gave them. */
  readonly source: string;
  /** What the source was asked from, Unix ms: what is missing before the first bar is missing in this chunk. */
  readonly sinceMs: number;
  /** In order, at least one. */
  readonly bars: readonly Bar[];
}
