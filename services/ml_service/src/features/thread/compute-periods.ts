import { extendFrame, FEATURES, startFrame } from '@aistock/features';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { streamParts } from '../../stream-parts.ts';
import type { ComputedPeriod, ComputeTask } from './compute-task.ts';
import { readPeriod } from './read-period.ts';

/**
 * Computes the features of bars, and tells each period as it is done.
 * @throws CallError, or FeatureError for a bar that no market made.
 */
export async function computePeriods(
  { ingester: { url, token }, stream, periods, ...task }: ComputeTask,
  told: (computed: ComputedPeriod) => void,
): Promise<void> {
  const ingester = createClient(dataIngesterApi, { baseUrl: url, ...(token && { token }) });
  const frame = task.frame ?? startFrame(FEATURES, streamParts(stream).timeframe);
  for (const { period, fromMs, toMs } of periods) {
    const firstMs = Math.max(fromMs, (frame.lastOpenMs ?? -1) + 1);
    const { bars, revisedMs } = await readPeriod(ingester, { stream, fromMs: firstMs, toMs });
    if (bars.length === 0) continue;
    const openMs = Float64Array.from(bars, (bar) => bar.openMs);
    const rows = { openMs, columns: extendFrame(FEATURES, frame, bars) };
    told({ period, rows, revisedMs, state: JSON.stringify(frame) });
  }
}
