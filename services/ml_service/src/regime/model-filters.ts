import type { Db } from '@aistock/database';
import { regimeOf, stateMeanings, type RegimeReading, type StateMeanings } from '@aistock/hmm-ts';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { loadRegimeModel } from '../registry/load-regime-model.ts';
import type { NamedModel } from '../registry/snapshot.ts';
import { barCloseMs } from '../following/bar-close.ts';
import type { FollowedStream } from '../following/catch-up.ts';
import { createFollowedModels } from '../following/followed-models.ts';
import {
  barAt,
  extendTrajectory,
  lastSeenMs,
  startTrajectory,
  type FilteredBar,
  type Trajectory,
} from './trajectory.ts';

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
  readonly trajectory: Trajectory;
  readonly meanings: StateMeanings;
}

export function createModelFilters(db: Db, ingester: Client<typeof dataIngesterApi>): ModelFilters {
  const followed = createFollowedModels(ingester, (model) => load(db, model));
  return {
    at: (model, asOfMs) =>
      followed.read(model, asOfMs, ({ trajectory, meanings }) => {
        const found = barAt(trajectory, (openMs) => barCloseMs(openMs, model) <= asOfMs);
        return found && { ...found, ...regimeOf(meanings, found.probabilities) };
      }),
    prepare: (models) => followed.prepare(models),
    keepOnly: (models) => followed.keepOnly(models),
  };
}

async function load(db: Db, { model_id: modelId }: NamedModel): Promise<LoadedModel> {
  const { hmm, filterFromMs } = await loadRegimeModel(db, modelId);
  const trajectory = startTrajectory(hmm);
  return {
    filterFromMs,
    trajectory,
    meanings: stateMeanings(hmm),
    lastSeenMs: () => lastSeenMs(trajectory),
    extend: (bars) => extendTrajectory(trajectory, bars),
    revisedMs: 0,
  };
}
