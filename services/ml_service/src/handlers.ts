import type { Db } from '@aistock/database';
import { modelToJson } from '@aistock/hmm-ts';
import { listStreams } from '@aistock/ledger';
import { emitEvent, ServiceError, type Clock, type Handlers } from '@aistock/service-kit';
import type { mlServiceApi } from '@aistock/shared';
import type { RegimeReader } from './regime/regime-reader.ts';
import { changeActive, findActive } from './registry/active-model.ts';
import { loadArtefact } from './registry/artefact.ts';
import { findModel, findModelOfRun, listActive, listModels, loadModelRow } from './registry/models.ts';
import { previousModelOf } from './registry/rollback.ts';
import { findRun } from './registry/runs.ts';
import { modelToWire, runToWire, type ModelOnWire, type RunOnWire } from './registry/to-wire.ts';

const MODELS_DEFAULT = 100;
const ACTIVE_MAX = 10_000;

export interface HandlerContext {
  readonly db: Db;
  readonly clock: Clock;
  readonly regimes: RegimeReader;
  /** Trains a stream in its turn and answers the id of the run. */
  readonly train: (stream: string, signal: AbortSignal) => Promise<string>;
}

export function createHandlers(context: HandlerContext): Handlers<typeof mlServiceApi> {
  const { db, clock, regimes } = context;
  return {
    train: async ({ body }, { signal }) => {
      const streams = await streamsToTrain(db, body?.streams);
      const runs: RunOnWire[] = [];
      for (const stream of streams) runs.push(await readRun(db, await context.train(stream, signal)));
      return { runs };
    },
    run: async ({ params }) => readRun(db, params.id),
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
    model: async ({ params }) => {
      const row = await loadModelRow(db, params.id);
      const model = await findModel(db, params.id);
      if (!row || !model) throw modelUnknown(params.id);
      const { hmm, filterFromMs } = loadArtefact(row.artefact, row.sha256);
      return { model: modelToWire(model), artefact: { ...modelToJson(hmm) }, filter_from_ms: filterFromMs };
    },
    promote: async ({ params, body }) => promote(context, params.id, body),
    rollback: async ({ body }) => rollback(context, body),
    regime: async ({ params, query }) =>
      regimes.read({
        instrument: params.instrument,
        timeframe: query.timeframe,
        asOfMs: query.as_of_ms ?? clock.nowMs(),
      }),
  };
}

async function streamsToTrain(db: Db, asked: readonly string[] | undefined): Promise<readonly string[]> {
  const known = await listStreams(db);
  if (!asked)
    return known
      .filter(({ files }) => (files.downloaded ?? 0) + (files.processing ?? 0) > 0)
      .map(({ stream }) => stream);
  const names = new Set(known.map(({ stream }) => stream));
  const unknown = asked.filter((stream) => !names.has(stream));
  if (unknown.length > 0)
    throw new ServiceError('stream_unknown', 404, `no file was ever registered for ${unknown.join(', ')}`, {
      fields: [{ field: 'streams', message: `must be among ${[...names].join(', ') || 'none yet'}` }],
    });
  return [...new Set(asked)];
}

async function readRun(db: Db, runId: string): Promise<RunOnWire> {
  const run = await findRun(db, runId);
  if (!run) throw new ServiceError('run_unknown', 404, `there is no training run ${runId}`);
  return runToWire(run, await findModelOfRun(db, runId));
}

interface Accountable {
  readonly by: string;
  readonly reason: string;
}

async function promote(
  { db, clock }: HandlerContext,
  modelId: string,
  who: Accountable,
): Promise<ModelOnWire> {
  const model = await findModel(db, modelId);
  if (!model) throw modelUnknown(modelId);
  const failed = model.gates.filter((gate) => !gate.pass).map((gate) => gate.name);
  if (failed.length > 0)
    throw new ServiceError('gates_not_passed', 409, `model ${modelId} did not pass ${failed.join(', ')}`);
  if (model.generation !== null) return modelToWire(model);
  const { stream } = model;
  await db.transaction().execute(async (trx) => {
    const previous = await findActive(trx, stream);
    const change = {
      stream,
      modelId,
      previous,
      kind: 'promoted' as const,
      ...who,
      at: new Date(clock.nowMs()),
    };
    const generation = await changeActive(trx, change);
    const payload = {
      model_id: modelId,
      stream,
      champion_id: previous?.model_id ?? null,
      generation,
      ...who,
    };
    await emitEvent(trx, { kind: 'model.promoted', subject: modelId, payload });
  });
  return readModel(db, modelId);
}

async function rollback(
  { db, clock }: HandlerContext,
  { stream, ...who }: Accountable & { readonly stream: string },
): Promise<ModelOnWire> {
  const modelId = await db.transaction().execute(async (trx) => {
    const active = await findActive(trx, stream);
    if (!active) throw new ServiceError('no_active_model', 404, `no model is active for ${stream}`);
    const target = await previousModelOf(trx, stream, active.model_id);
    if (!target)
      throw new ServiceError(
        'no_previous_model',
        409,
        `no model was active for ${stream} before ${active.model_id}`,
      );
    const at = new Date(clock.nowMs());
    const change = { stream, modelId: target, previous: active, kind: 'rolled_back' as const, ...who, at };
    const generation = await changeActive(trx, change);
    const payload = { model_id: target, rolled_back_from: active.model_id, stream, generation, ...who };
    await emitEvent(trx, { kind: 'model.rolled_back', subject: target, payload });
    return target;
  });
  return readModel(db, modelId);
}

async function readModel(db: Db, modelId: string): Promise<ModelOnWire> {
  const model = await findModel(db, modelId);
  if (!model) throw modelUnknown(modelId);
  return modelToWire(model);
}

function modelUnknown(modelId: string): ServiceError {
  return new ServiceError('model_unknown', 404, `there is no model ${modelId}`);
}
