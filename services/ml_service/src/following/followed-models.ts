import type { Client, dataIngesterApi } from '@aistock/shared';
import type { NamedModel } from '../registry/snapshot.ts';
import { createTurns } from '../turns.ts';
import { barCloseMs } from './bar-close.ts';
import { catchUp, type FollowedStream } from './catch-up.ts';

/** Models that follow the bars of their streams as they come; what they made of them stays in memory. */
export interface FollowedModels<Path extends FollowedStream> {
  /** Reads from the path of a model once that has every bar that had closed by then. @throws what loading a model throws. */
  read<T>(model: NamedModel, asOfMs: number, read: (path: Path) => T): Promise<T>;
  /** Loads models of streams that are asked about, and lets them follow what others have followed of them. */
  prepare(models: readonly NamedModel[]): Promise<void>;
  /** Forgets every other model. */
  keepOnly(models: readonly NamedModel[]): void;
}

/** @param load - a model before its first bar. */
export function createFollowedModels<Path extends FollowedStream>(
  ingester: Client<typeof dataIngesterApi>,
  load: (model: NamedModel) => Promise<Path>,
): FollowedModels<Path> {
  const loaded = new Map<string, { readonly stream: string; readonly path: Path }>();
  const turns = createTurns();

  /** The model's path so far; a new one where that has seen what was not known then. */
  const pathAt = async (model: NamedModel, asOfMs: number): Promise<Path> => {
    const known = loaded.get(model.model_id);
    if (known && known.path.revisedMs <= asOfMs) return known.path;
    const path = await load(model);
    loaded.set(model.model_id, { stream: model.stream, path });
    return path;
  };
  const caughtUp = async (model: NamedModel, asOfMs: number): Promise<Path> => {
    const path = await pathAt(model, asOfMs);
    await catchUp(ingester, path, { ...model, asOfMs });
    return path;
  };
  /** Until when a stream was followed by any model; undefined where nobody asked about it. */
  const seenMs = (stream: string): number | undefined => {
    const seen = [...loaded.values()].filter((each) => each.stream === stream);
    const times = seen.flatMap(({ path }) => path.lastSeenMs() ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  };
  return {
    read: (model, asOfMs, read) => turns.run(model.model_id, async () => read(await caughtUp(model, asOfMs))),
    prepare: async (models) => {
      for (const model of models) {
        const newestMs = loaded.has(model.model_id) ? undefined : seenMs(model.stream);
        if (newestMs === undefined) continue;
        await turns.run(model.model_id, () => caughtUp(model, barCloseMs(newestMs, model)));
      }
    },
    keepOnly: (models) => {
      const kept = new Set(models.map(({ model_id: modelId }) => modelId));
      for (const modelId of loaded.keys()) if (!kept.has(modelId)) loaded.delete(modelId);
    },
  };
}
