import type { Db } from '@aistock/database';
import { regimeOf, trendSigns, type Hmm, type RegimeReading } from '@aistock/hmm-ts';
import { closeMs, MODEL_FEATURE_NAMES } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { loadArtefact, type Artefact } from '../registry/artefact.ts';
import { loadModelRow, type ModelRow } from '../registry/models.ts';
import type { NamedModel } from '../registry/snapshot.ts';
import { createTurns } from '../turns.ts';
import { catchUp, type FollowedStream } from './catch-up.ts';
import { barAt, lastSeenMs, startTrajectory, type FilteredBar } from './trajectory.ts';

/** What a model says at a bar. */
export interface FilteredRegime extends FilteredBar, RegimeReading {}

/** Regime models that filter the bars of their streams as they come; what was filtered stays in memory. */
export interface ModelFilters {
  /**
   * At the last bar that had closed by then; undefined where no bar with an answer had.
   * @throws ServiceError `model_unsound` or `features_unknown` for a model that cannot answer.
   */
  at(model: NamedModel, asOfMs: number): Promise<FilteredRegime | undefined>;
  /** Loads models of streams that are asked about, and filters what others have filtered of them. */
  prepare(models: readonly NamedModel[]): Promise<void>;
  /** Forgets every other model. */
  keepOnly(models: readonly NamedModel[]): void;
}

interface LoadedModel extends FollowedStream {
  readonly stream: string;
  readonly signs: Float64Array;
}

export function createModelFilters(db: Db, ingester: Client<typeof dataIngesterApi>): ModelFilters {
  const loaded = new Map<string, LoadedModel>();
  const turns = createTurns();

  /** The model with its trajectory so far; with a new one where that has seen what was not known then. */
  const loadedAt = async (model: NamedModel, asOfMs: number): Promise<LoadedModel> => {
    const known = loaded.get(model.model_id);
    if (known && known.revisedMs <= asOfMs) return known;
    const fresh = await load(db, model);
    loaded.set(model.model_id, fresh);
    return fresh;
  };
  const followed = async (model: NamedModel, asOfMs: number): Promise<LoadedModel> => {
    const own = await loadedAt(model, asOfMs);
    await catchUp(ingester, own, { ...model, asOfMs });
    return own;
  };
  /** Until when a stream was filtered by any model; undefined where nobody asked about it. */
  const seenMs = (stream: string): number | undefined => {
    const seen = [...loaded.values()].filter((each) => each.stream === stream);
    const times = seen.flatMap(({ trajectory }) => lastSeenMs(trajectory) ?? []);
    return times.length === 0 ? undefined : Math.max(...times);
  };
  return {
    at: (model, asOfMs) =>
      turns.run(model.model_id, async () => {
        const { trajectory, signs } = await followed(model, asOfMs);
        const found = barAt(trajectory, (openMs) => barCloseMs(openMs, model) <= asOfMs);
        return found && { ...found, ...regimeOf(signs, found.probabilities) };
      }),
    prepare: async (models) => {
      for (const model of models) {
        const newestMs = loaded.has(model.model_id) ? undefined : seenMs(model.stream);
        if (newestMs === undefined) continue;
        await turns.run(model.model_id, () => followed(model, barCloseMs(newestMs, model)));
      }
    },
    keepOnly: (models) => {
      const kept = new Set(models.map(({ model_id: modelId }) => modelId));
      for (const modelId of loaded.keys()) if (!kept.has(modelId)) loaded.delete(modelId);
    },
  };
}

async function load(db: Db, { model_id: modelId, stream }: NamedModel): Promise<LoadedModel> {
  const row = await loadModelRow(db, modelId);
  if (!row) throw new Error(`model ${modelId} is gone`);
  const { hmm, features, filterFromMs } = soundArtefact(row);
  requireOurFeatures(hmm, features);
  return { stream, filterFromMs, signs: trendSigns(hmm), trajectory: startTrajectory(hmm), revisedMs: 0 };
}

/** Nobody is answered by a model that is not what it was when it was stored. */
function soundArtefact({ model_id: modelId, artefact, sha256 }: ModelRow): Artefact {
  try {
    return loadArtefact(artefact, sha256);
  } catch (error) {
    throw new ServiceError('model_unsound', 409, `model ${modelId} cannot be used`, { cause: error });
  }
}

function requireOurFeatures(hmm: Hmm, features: readonly string[]): void {
  if (features.join() !== MODEL_FEATURE_NAMES.join() || hmm.dimensions !== features.length)
    throw new ServiceError(
      'features_unknown',
      409,
      `the model reads ${features.join(', ')}; this version computes ${MODEL_FEATURE_NAMES.join(', ')}`,
    );
}

/**
 * When a bar is complete, whatever its calendar: a daily bar that opens at midnight in New York closes with its session,
 * and one that opens at midnight UTC, which is never midnight there, a day later.
 */
function barCloseMs(openMs: number, { timeframe }: NamedModel): number {
  return closeMs(openMs, timeframe, 'xnys');
}
