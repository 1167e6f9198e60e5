import { randomUUID } from 'node:crypto';
import type { Db } from '@aistock/database';
import { gaussianHmm, modelToJson, type Hmm } from '@aistock/hmm-ts';
import { MODEL_FEATURE_NAMES, modelFeatures, toPriceBar, type Bar } from '@aistock/market';
import { storeArtefact } from '../src/registry/artefact.ts';
import { STREAM } from './sp500.ts';

const DAY_MS = 86_400_000;

/** Two states, whose persistence makes models differ. */
function hmmOf(stay: number) {
  return gaussianHmm('diagonal', {
    start: [0.5, 0.5],
    transition: [
      [stay, 1 - stay],
      [1 - stay, stay],
    ],
    means: [
      [0.0005, -4.8],
      [-0.001, -3.8],
    ],
    covariances: [
      [0.0001, 0.2],
      [0.0006, 0.3],
    ],
  });
}

export interface StoredModel {
  readonly bars: readonly Bar[];
  /** Of the transition matrix's diagonal: one model differs from the next by it. */
  readonly stay?: number;
  /** In place of the one with two states. */
  readonly hmm?: Hmm;
  /** Log-likelihood a bar of its hold-out. */
  readonly holdout?: number;
  readonly expiresMs?: number;
  readonly createdMs?: number;
  readonly gatesPassed?: boolean;
  /** Strategies that its gates passed for. */
  readonly strategies?: readonly string[];
}

/** Writes a model as a training would, without one. Answers its id. */
export async function storeModel(db: Db, options: StoredModel): Promise<string> {
  const {
    bars,
    stay = 0.95,
    createdMs = Date.UTC(2020, 3, 15),
    gatesPassed = true,
    strategies = [],
  } = options;
  const modelId = randomUUID();
  const at = new Date(createdMs);
  const { dimensions, values } = modelFeatures(bars.map(toPriceBar));
  const filterFromMs = bars[0]!.openMs;
  const hmm = modelToJson(options.hmm ?? hmmOf(stay));
  const artefact = storeArtefact(hmm, MODEL_FEATURE_NAMES, { filterFromMs, rows: { dimensions, values } });
  const run = { run_id: randomUUID(), stream: STREAM, exactly_once: false, request: '{}', seed: 1 };
  await db
    .insertInto('ml.run')
    .values({ ...run, status: 'trained', started_at: at, finished_at: at })
    .execute();
  const gate = { name: 'better_than_one_state', pass: gatesPassed, value: 1, limit: 0, detail: 'a test' };
  await db
    .insertInto('ml.model')
    .values({
      model_id: modelId,
      run_id: run.run_id,
      stream: STREAM,
      instrument: 'SP500',
      timeframe: '1d',
      kind: 'regime',
      algorithm: 'hmm_gaussian_diagonal',
      states: hmm.states,
      holdout_log_likelihood: options.holdout ?? null,
      features: [...MODEL_FEATURE_NAMES],
      sha256: artefact.sha256,
      artefact: artefact.text,
      bars: bars.length,
      trained_from_at: new Date(filterFromMs),
      trained_to_at: new Date(bars.at(-1)!.openMs),
      gates: JSON.stringify([gate]),
      gates_passed: gatesPassed,
      report: '{}',
      created_at: at,
      expires_at: new Date(options.expiresMs ?? createdMs + 10_000 * DAY_MS),
    })
    .execute();
  for (const strategy of strategies)
    await db
      .insertInto('ml.judgement')
      .values({ model_id: modelId, strategy, gates: '[]', passed: true, judged_at: at })
      .execute();
  return modelId;
}
