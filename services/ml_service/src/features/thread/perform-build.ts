import { extendFrame, FEATURES, refOf, startFrame, type FrameState } from '@aistock/features';
import {
  FeatureStore,
  joinRows,
  LakeFileError,
  openLake,
  type FeatureManifest,
  type FeatureRows,
} from '@aistock/lake';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { streamParts } from '../../stream-parts.ts';
import type { BuildOutcome, BuildTask } from './build-task.ts';
import { readPeriod } from './read-period.ts';

/** Where the parts that stand end. */
interface Start {
  readonly frame: FrameState;
  readonly revisedMs: number;
  /** The last period so far, which new bars may extend; none at the beginning of the stream. */
  readonly period: string;
  readonly rows: FeatureRows;
}

/**
 * Computes the features of the bars after those that stand, and writes them period by period, so that a build that is cut off
 * goes on where it was. Where what stands is damaged, all is computed anew.
 * @throws CallError, FeatureError, or what the storage throws.
 */
export async function performBuild(task: BuildTask): Promise<BuildOutcome> {
  const store = new FeatureStore(openLake(task.places.lake));
  try {
    const start = await resumeAt(store, task);
    return { ...(await writePeriods(store, task, start)), damaged: null };
  } catch (error) {
    if (!(error instanceof LakeFileError) || task.kept.length === 0) throw error;
    const anew = { ...task, base: null, kept: [] };
    const start = await resumeAt(store, anew);
    return { ...(await writePeriods(store, anew, start)), damaged: error.message };
  }
}

async function resumeAt(store: FeatureStore, { stream, kept }: BuildTask): Promise<Start> {
  const last = kept.at(-1);
  if (!last) {
    const frame = startFrame(FEATURES, streamParts(stream).timeframe);
    return { frame, revisedMs: 0, period: '', rows: joinRows([], FEATURES.length) };
  }
  const frame = JSON.parse(await store.state(last)) as FrameState;
  const names = FEATURES.map(({ name }) => name);
  const rows = await store.rows([last], { fromMs: last.firstOpenMs, toMs: last.lastOpenMs + 1, names });
  return { frame, revisedMs: last.revisedMs, period: last.period, rows };
}

async function writePeriods(
  store: FeatureStore,
  { places, stream, periods, asOfMs, ...task }: BuildTask,
  { frame, period: lastPeriod, rows: lastRows, ...start }: Start,
): Promise<Omit<BuildOutcome, 'damaged'>> {
  const { url, token } = places.ingester;
  const ingester = createClient(dataIngesterApi, { baseUrl: url, ...(token && { token }) });
  const written = { bars: 0, parts: 0 };
  let manifest: FeatureManifest | undefined = task.base ?? undefined;
  let { revisedMs } = start;
  for (const { period, fromMs, toMs, inputsSha256 } of periods) {
    if (period < lastPeriod) continue;
    const wanted = { stream, fromMs: Math.max(fromMs, (frame.lastOpenMs ?? -1) + 1), toMs, asOfMs };
    const { bars, ...read } = await readPeriod(ingester, wanted);
    if (bars.length === 0) continue;
    revisedMs = Math.max(revisedMs, read.revisedMs);
    const openMs = Float64Array.from(bars, (bar) => bar.openMs);
    const fresh = { openMs, columns: extendFrame(FEATURES, frame, bars) };
    const rows = period === lastPeriod ? joinRows([lastRows, fresh], FEATURES.length) : fresh;
    const features = FEATURES.map(refOf);
    const state = JSON.stringify(frame);
    manifest = await store.write(manifest, {
      stream,
      period,
      features,
      rows,
      inputsSha256,
      revisedMs,
      state,
    });
    written.bars += bars.length;
    written.parts += 1;
  }
  return { ...written, lastOpenMs: frame.lastOpenMs };
}
