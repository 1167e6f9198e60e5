import { FEATURES, refOf, type FrameState } from '@aistock/features';
import {
  joinRows,
  type FeatureManifest,
  type FeaturePart,
  type FeatureRows,
  type FeatureStore,
} from '@aistock/lake';
import { inputsUpTo } from './plan-build.ts';
import type { ComputedPeriod } from './thread/compute-task.ts';

/** Where a build goes on. */
export interface BuildStart {
  /** After the last bar that has its features; null at the beginning of the stream. */
  readonly frame: FrameState | null;
  /** The last part that stands, and its rows, which new ones may extend. */
  readonly last: { readonly part: FeaturePart; readonly rows: FeatureRows } | null;
}

/** @throws LakeFileError where the last part is missing or damaged. */
export async function buildStart(store: FeatureStore, kept: readonly FeaturePart[]): Promise<BuildStart> {
  const part = kept.at(-1);
  if (!part) return { frame: null, last: null };
  const names = FEATURES.map(({ name }) => name);
  const rows = await store.rows([part], { fromMs: part.firstOpenMs, toMs: part.lastOpenMs + 1, names });
  return { frame: JSON.parse(await store.state(part)) as FrameState, last: { part, rows } };
}

export interface Written {
  readonly bars: number;
  readonly parts: number;
  /** Open time of the last bar that has features, Unix ms UTC. */
  readonly lastOpenMs: number | null;
}

interface Target {
  readonly store: FeatureStore;
  readonly stream: string;
  /** What parts are added to; undefined to begin one. */
  readonly base: FeatureManifest | undefined;
  /** Of each period, what its bars are made from. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** Writes periods as they are computed, one after the other, so that a build that is cut off goes on where it was. */
export class PeriodWriter {
  readonly #target: Target;
  readonly #last: BuildStart['last'];
  #manifest: FeatureManifest | undefined;
  /** Period of the last part that stands; what the manifest has after it goes with the next part. */
  #after: string;
  #revisedMs: number;
  #bars = 0;
  #parts = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(target: Target, { last }: BuildStart) {
    this.#target = target;
    this.#last = last;
    this.#manifest = target.base;
    this.#after = last?.part.period ?? '';
    this.#revisedMs = last?.part.revisedMs ?? 0;
  }

  /** @param onError - hears why a part could not be written; those after it are not. */
  add(computed: ComputedPeriod, onError: (error: unknown) => void): void {
    this.#writing = this.#writing.then(() => this.#write(computed));
    this.#writing.catch(onError);
  }

  /** Settles once all that was added is written. @throws what the storage throws. */
  async finish(): Promise<{
    readonly bars: number;
    readonly parts: number;
    readonly lastOpenMs: number | null;
  }> {
    await this.#writing;
    const lastOpenMs = this.#manifest?.parts.at(-1)?.lastOpenMs ?? null;
    return { bars: this.#bars, parts: this.#parts, lastOpenMs };
  }

  async #write({ period, rows: fresh, revisedMs, state }: ComputedPeriod): Promise<void> {
    const { store, stream, inputs } = this.#target;
    this.#revisedMs = Math.max(this.#revisedMs, revisedMs);
    const isExtended = this.#last?.part.period === period;
    const rows = isExtended ? joinRows([this.#last.rows, fresh], FEATURES.length) : fresh;
    const standing = this.#manifest?.parts.filter((part) => part.period <= this.#after) ?? [];
    const before = standing.findLast((part) => part.period < period)?.period;
    const made = {
      stream,
      period,
      features: FEATURES.map(refOf),
      rows,
      inputsSha256: inputsUpTo(inputs, before, period) ?? '',
      revisedMs: this.#revisedMs,
      state,
    };
    this.#manifest = await store.write(this.#manifest, made, this.#after);
    this.#after = period;
    this.#bars += fresh.openMs.length;
    this.#parts += 1;
  }
}
