import type { Db } from '@aistock/database';
import { modelToJson } from '@aistock/hmm-ts';
import type { Handlers } from '@aistock/service-kit';
import { ModelCard, type registryRoutes } from '@aistock/shared';
import { loadForecastModel } from '../forecast/forecast-artefact.ts';
import { listApprovals } from './approvals.ts';
import { loadArtefact } from './artefact.ts';
import { assertSound } from './assert-sound.ts';
import { listJudgements } from './gates.ts';
import { findModel, listActive, listModels, loadModelRow, type ModelRow } from './models.ts';
import { modelUnknown } from './model-unknown.ts';
import { readSnapshot, type AliasEntry } from './snapshot.ts';
import { approvalToWire, modelToWire } from './to-wire.ts';

const MODELS_DEFAULT = 100;
const ACTIVE_MAX = 10_000;

type ReadHandlers = Pick<Handlers<typeof registryRoutes>, 'models' | 'activeModels' | 'model' | 'aliases'>;

/** What the registry tells; each answer is read at once from the database. */
export function readHandlers(db: Db): ReadHandlers {
  return {
    models: async ({ query }) => {
      const { instrument, limit = MODELS_DEFAULT } = query;
      return { models: (await listModels(db, { instrument, limit })).map(modelToWire) };
    },
    activeModels: async () => ({
      active: (await listActive(db, ACTIVE_MAX)).map((model) => ({
        stream: model.stream,
        generation: model.generation ?? 0,
        model: modelToWire(model),
      })),
    }),
    model: async ({ params: { id } }) => {
      const row = await loadModelRow(db, id);
      const model = await findModel(db, id);
      if (!row || !model) throw modelUnknown(id);
      assertSound(row);
      return {
        model: modelToWire(model),
        card: row.card === null ? null : ModelCard.parse(row.card),
        judgements: (await listJudgements(db, id)).map(({ strategy, passed, gates, judged_at }) => ({
          strategy,
          passed,
          gates,
          judged_ms: judged_at.getTime(),
        })),
        approvals: (await listApprovals(db, id)).map(approvalToWire),
        ...artefactOf(row),
      };
    },
    aliases: async ({ query: { stream, strategy } }) => {
      const { entries } = await readSnapshot(db);
      const asked = entries.filter(
        (entry) =>
          (stream === undefined || entry.stream === stream) &&
          (strategy === undefined || entry.strategy === strategy),
      );
      return { aliases: asked.map(aliasToWire) };
    },
  };
}

function artefactOf({ kind, artefact, sha256 }: ModelRow) {
  if (kind !== 'regime') {
    const model = loadForecastModel(artefact, sha256);
    return { artefact: { ...model.artefact }, filter_from_ms: model.filterFromMs };
  }
  const { hmm, filterFromMs } = loadArtefact(artefact, sha256);
  return { artefact: { ...modelToJson(hmm) }, filter_from_ms: filterFromMs };
}

function aliasToWire({ stream, strategy, kind, alias, model, generation, changed_at }: AliasEntry) {
  return {
    stream,
    strategy,
    kind,
    alias,
    generation,
    model_id: model?.model_id ?? null,
    changed_ms: changed_at.getTime(),
    expires_ms: model?.expires_at.getTime() ?? null,
  };
}
