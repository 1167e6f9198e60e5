import type { Db } from '@aistock/database';
import { regimeOf, trendSigns, type Hmm } from '@aistock/hmm-ts';
import { closeMs, MODEL_FEATURE_NAMES } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Client, dataIngesterApi, Regime } from '@aistock/shared';
import { loadArtefact } from '../registry/artefact.ts';
import { findActiveOf, loadModelRow, type ModelRow, type ModelSummary } from '../registry/models.ts';
import { createTurns } from '../turns.ts';
import { catchUp, type FollowedStream } from './catch-up.ts';
import { barAt, startTrajectory } from './trajectory.ts';

export interface RegimeQuestion {
  readonly instrument: string;
  readonly timeframe: ModelRow['timeframe'] | undefined;
  readonly asOfMs: number;
}

export interface RegimeReader {
  /** @throws ServiceError `no_active_model`, `timeframe_needed` or `no_regime_yet`. */
  read(question: RegimeQuestion): Promise<Regime>;
}

interface LoadedModel extends FollowedStream {
  readonly modelId: string;
  readonly generation: number;
  readonly signs: Float64Array;
}

/**
 * Filters bars as they come. The state of each stream is kept in memory for the active model; a change of the active
 * model is seen at the next question, because each one reads the generation first.
 */
export function createRegimeReader(db: Db, ingester: Client<typeof dataIngesterApi>): RegimeReader {
  const loaded = new Map<string, LoadedModel>();
  const turns = createTurns();

  return {
    async read(question) {
      const active = await findOnlyActive(db, question);
      const bar = await turns.run(active.stream, async () => {
        const model = await current(db, loaded, { active, asOfMs: question.asOfMs });
        await catchUp(ingester, model, { ...active, asOfMs: question.asOfMs });
        const found = barAt(model.trajectory, (openMs) => barCloseMs(openMs, active) <= question.asOfMs);
        return found && { ...found, ...regimeOf(model.signs, found.probabilities) };
      });
      if (!bar)
        throw new ServiceError(
          'no_regime_yet',
          404,
          `no bar of ${active.stream} that the model can judge had closed at ${question.asOfMs}`,
        );
      const expiresMs = active.expires_at.getTime();
      return {
        instrument: question.instrument,
        model_id: active.model_id,
        bar_open_ms: bar.openMs,
        probabilities: [...bar.probabilities],
        state: bar.state,
        hmm_trend: bar.trend,
        hmm_risk: bar.risk,
        expires_ms: expiresMs,
        expired: expiresMs <= question.asOfMs,
        in_sample: bar.openMs < active.trained_to_at.getTime(),
      };
    },
  };
}

async function findOnlyActive(db: Db, { instrument, timeframe }: RegimeQuestion): Promise<ModelSummary> {
  const active = await findActiveOf(db, instrument, timeframe);
  const [only, another] = active;
  if (!only)
    throw new ServiceError(
      'no_active_model',
      404,
      `no model is active for ${instrument} ${timeframe ?? ''}`.trim(),
    );
  if (another)
    throw new ServiceError(
      'ambiguous_stream',
      409,
      `${instrument} has active models for ${active.map((model) => model.stream).join(', ')}; name a timeframe that only one of them has`,
    );
  return only;
}

/** The model with its trajectory so far; with a new one where that has seen what was not known then. */
async function current(
  db: Db,
  loaded: Map<string, LoadedModel>,
  { active, asOfMs }: { readonly active: ModelSummary; readonly asOfMs: number },
): Promise<LoadedModel> {
  const { stream, model_id: modelId } = active;
  const generation = active.generation ?? 0;
  const known = loaded.get(stream);
  if (known?.modelId === modelId && known.generation === generation && known.revisedMs <= asOfMs)
    return known;
  const row = await loadModelRow(db, modelId);
  if (!row) throw new Error(`active model ${modelId} is gone`);
  const { hmm, features, filterFromMs } = loadArtefact(row.artefact, row.sha256);
  requireOurFeatures(hmm, features);
  const model = {
    modelId,
    generation,
    filterFromMs,
    signs: trendSigns(hmm),
    trajectory: startTrajectory(hmm),
    revisedMs: 0,
  };
  loaded.set(stream, model);
  return model;
}

function requireOurFeatures(hmm: Hmm, features: readonly string[]): void {
  if (features.join() !== MODEL_FEATURE_NAMES.join() || hmm.dimensions !== features.length)
    throw new ServiceError(
      'features_unknown',
      409,
      `the active model reads ${features.join(', ')}; this version computes ${MODEL_FEATURE_NAMES.join(', ')}`,
    );
}

/**
 * When a bar is complete, whatever its calendar: a daily bar that opens at midnight in New York closes with its session,
 * and one that opens at midnight UTC, which is never midnight there, a day later.
 */
function barCloseMs(openMs: number, { timeframe }: ModelSummary): number {
  return closeMs(openMs, timeframe, 'xnys');
}
