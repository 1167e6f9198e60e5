import type { Db } from '@aistock/database';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { createFollowedModels } from '../../following/followed-models.ts';
import { loadRegimeModel } from '../../registry/load-regime-model.ts';
import type { NamedModel } from '../../registry/snapshot.ts';
import { startLivePath, type LivePath } from './live-path.ts';
import { keptFromMs, lastWrittenMs, writeScores } from './score-store.ts';

/** In one statement. */
const BATCH_BARS = 1_000;
/** Of a model in one turn; what is left is written in the next ones. */
const BATCHES_MAX = 10;

/** Models held to the bars that come, and what they said of them on record. */
export interface LiveScores {
  /**
   * Goes on over the bars that have closed by then, and writes what the model said of them: each bar once, whoever else does.
   * @returns how many were written here. @throws ServiceError for a model that cannot answer.
   */
  write(model: NamedModel, asOfMs: number): Promise<number>;
  /** The model's path, with every bar that had closed by then. */
  path(model: NamedModel, asOfMs: number): Promise<LivePath>;
  /** Forgets every other model. */
  keepOnly(models: readonly NamedModel[]): void;
}

export function createLiveScores(db: Db, ingester: Client<typeof dataIngesterApi>): LiveScores {
  const followed = createFollowedModels(ingester, async ({ model_id: modelId }) =>
    startLivePath(await loadRegimeModel(db, modelId), await lastWrittenMs(db, modelId)),
  );
  const path = (model: NamedModel, asOfMs: number) => followed.read(model, asOfMs, (own) => own);
  return {
    write: async (model, asOfMs) => {
      const { unwritten } = await path(model, asOfMs);
      let written = 0;
      for (let batch = 0; batch < BATCHES_MAX && unwritten.length > 0; batch++) {
        const bars = unwritten.slice(0, BATCH_BARS);
        const kept = bars.filter(({ openMs }) => openMs >= keptFromMs(asOfMs));
        written += await writeScores(db, model.model_id, kept);
        unwritten.splice(0, bars.length);
      }
      return written;
    },
    path,
    keepOnly: (models) => followed.keepOnly(models),
  };
}
