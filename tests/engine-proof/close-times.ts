const BUCKET = /^engine_close_seconds_bucket\{le="([^"]+)"[^}]*\} (\d+)$/gm;
const METRICS_TIMEOUT_MS = 10_000;

/** How many closes took so long or less, by the bounds of a histogram, in s, ascending; the last one is Infinity. */
export type CloseTimes = readonly (readonly [atMostS: number, closes: number])[];

/** What the engine has measured since it started. */
export async function readCloseTimes(engineUrl: string): Promise<CloseTimes> {
  const answer = await fetch(`${engineUrl}/metrics`, { signal: AbortSignal.timeout(METRICS_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`);
  return parseCloseTimes(await answer.text());
}

export function parseCloseTimes(metrics: string): CloseTimes {
  return Array.from(metrics.matchAll(BUCKET), ([, le, count]) => [
    le === '+Inf' ? Infinity : Number(le),
    Number(count),
  ]);
}

/** What was measured between two readings. */
export function timesSince(before: CloseTimes, after: CloseTimes): CloseTimes {
  return after.map(([atMostS, closes], index) => [atMostS, closes - (before[index]?.[1] ?? 0)]);
}

/** The time in ms below which a share of the closes lies, straight between the bounds of its bucket; null without any. */
export function quantileMs(times: CloseTimes, share: number): number | null {
  const total = times.at(-1)?.[1] ?? 0;
  const rank = share * total;
  let [belowS, below] = [0, 0];
  for (const [atMostS, closes] of times) {
    if (total > 0 && closes >= rank) {
      if (atMostS === Infinity) return belowS * 1_000;
      return (belowS + ((atMostS - belowS) * (rank - below)) / Math.max(1, closes - below)) * 1_000;
    }
    [belowS, below] = [atMostS, closes];
  }
  return null;
}
