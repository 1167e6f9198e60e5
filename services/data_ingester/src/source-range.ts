import { TIMEFRAME_MS } from '@aistock/market';
import type { Clock } from '@aistock/service-kit';
import { SourceError } from '@aistock/venues';
import type { ConfiguredStream, SourceRange } from './stream-spec.ts';

/** A file is read as a whole to know its range, so not at every question. */
const KNOWN_FOR_MS = 60_000;

/** What the source of each stream has to give, as known at most a minute ago; null where it has, or says, nothing. */
export class SourceRanges {
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly atMs: number; readonly range: SourceRange | null }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async of(stream: ConfiguredStream): Promise<SourceRange | null> {
    const nowMs = this.#clock.nowMs();
    const known = this.#known.get(stream.stream);
    if (known && nowMs - known.atMs < KNOWN_FOR_MS) return known.range;
    const range = stream.fromFile ? await fileRange(stream) : openRange(stream, nowMs);
    this.#known.set(stream.stream, { atMs: nowMs, range });
    return range;
  }
}

/** A file that cannot be read now gives nothing now; ingesting it tells what is wrong. */
async function fileRange({
  from,
  instrument,
  timeframe,
  startMs,
}: ConfiguredStream): Promise<SourceRange | null> {
  try {
    const limit = Number.MAX_SAFE_INTEGER;
    const { bars } = await from.fetchBars({ instrument, timeframe, sinceMs: startMs, limit });
    const [first, last] = [bars[0], bars.at(-1)];
    return first && last ? { firstOpenMs: first.openMs, lastOpenMs: last.openMs } : null;
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

/** An exchange has bars from the wanted start to the last one that has closed by now. */
function openRange({ startMs = 0, timeframe }: ConfiguredStream, nowMs: number): SourceRange | null {
  const stepMs = TIMEFRAME_MS[timeframe];
  const lastOpenMs = (Math.floor(nowMs / stepMs) - 1) * stepMs;
  return startMs <= lastOpenMs ? { firstOpenMs: startMs, lastOpenMs } : null;
}
