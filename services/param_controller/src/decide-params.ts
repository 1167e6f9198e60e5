import { randomUUID } from 'node:crypto';
import type { Db, DecisionRow, Trx } from '@aistock/database';
import { emitEvent, ServiceError, type Clock } from '@aistock/service-kit';
import type { Output, paramControllerApi, Parsed } from '@aistock/shared';
import {
  choosePreset,
  contextDimensions,
  contextVector,
  featuresWithoutModel,
  refuseFeatures,
  type PolicyMode,
} from '@aistock/trading/policy';
import { toParamDecision } from './decision-store.ts';
import { findStrategy, type Known } from './known.ts';
import type { LoadedStrategy } from '@aistock/strategy-schemas';
import { findMode } from './mode-store.ts';
import { isInForce } from './model-in-force.ts';
import { readLearned } from './posterior-store.ts';
import { listAllowedPresets } from './preset-store.ts';

/** How far the clock of a venue may be ahead of ours. */
const CLOCK_SKEW_MS_MAX = 60_000;

export interface DecideParts {
  readonly db: Db;
  readonly known: Known;
  readonly modeDefault: PolicyMode;
  readonly clock: Clock;
  /** A random number from [0, 1) for each call. */
  readonly chance: () => number;
}

type Request = Parsed<typeof paramControllerApi.param>;
type Decided = Omit<DecisionRow, 'recorded_at'>;

/** Chooses a preset for the context; the decision and its event are stored before it is answered. */
export async function decideParams(
  parts: DecideParts,
  request: Request,
): Promise<Output<typeof paramControllerApi.param>> {
  const { strategy, instrument } = request.params;
  const loaded = askedOf(findStrategy(parts.known, strategy, instrument), request);
  refuseWrongFeatures(loaded, request);
  const decidedMs = decisionTime(request.query.as_of_ms, parts.clock.nowMs());
  return parts.db.transaction().execute(async (trx) => {
    const decided = await decide(trx, parts, { loaded, request, decidedMs });
    await store(trx, decided);
    return toParamDecision(decided);
  });
}

function askedOf(loaded: LoadedStrategy, { query }: Request): LoadedStrategy {
  if (!query.model_expired) return loaded;
  const { schema } = loaded;
  const features = featuresWithoutModel(schema.features, query.features);
  return { ...loaded, schema: { ...schema, features } };
}

function refuseWrongFeatures({ schema }: LoadedStrategy, { query: { features } }: Request): void {
  const refusal = refuseFeatures(schema, features);
  if (refusal === undefined) return;
  const [first] = refusal.fields;
  throw new ServiceError(refusal.code, 400, `${first?.field} ${first?.message}`, { fields: refusal.fields });
}

function decisionTime(asOfMs: number | undefined, nowMs: number): number {
  if (asOfMs === undefined) return nowMs;
  if (asOfMs <= nowMs + CLOCK_SKEW_MS_MAX) return asOfMs;
  const message = 'must not lie in the future';
  throw new ServiceError('as_of_in_future', 400, `as_of_ms ${message}`, {
    fields: [{ field: 'query.as_of_ms', message }],
  });
}

interface Question {
  readonly loaded: LoadedStrategy;
  readonly request: Request;
  readonly decidedMs: number;
}

async function decide(
  trx: Trx,
  parts: DecideParts,
  { loaded, request, decidedMs }: Question,
): Promise<Decided> {
  const { schema, sha256 } = loaded;
  const { features, model_id } = request.query;
  const place = request.params;
  const { mode, presetId: fixedPresetId } = (await findMode(trx, place)) ?? {
    mode: parts.modeDefault,
    presetId: null,
  };
  const presets = await listAllowedPresets(trx, loaded, place.instrument);
  const learned = await readLearned(trx, place);
  const dimensions = contextDimensions(schema);
  const context = contextVector(schema, features);
  const draw = parts.chance();
  const choice = choosePreset({
    mode,
    fixedPresetId,
    distrust: await whyDistrust(trx, request, decidedMs),
    arms: presets.map((preset) => ({
      presetId: preset.presetId,
      posterior: learned.posteriorOf(preset, dimensions),
    })),
    conservative: schema.conservative,
    context,
    noiseSd: schema.reward.noise_sd,
    draw,
  });
  const chosen = presets.find(({ presetId }) => presetId === choice.presetId);
  if (chosen === undefined) throw new Error(`preset ${choice.presetId} was chosen and is not there`);
  return {
    ...place,
    config_id: randomUUID(),
    preset_id: chosen.presetId,
    params: { ...chosen.params },
    arm_sha256: chosen.armSha256,
    propensity: choice.propensity,
    propensities: { ...choice.propensities },
    scores: { ...choice.scores },
    draw,
    mode,
    fallback: choice.fallback,
    features,
    context,
    generation: learned.generation,
    model_id: model_id ?? null,
    schema_sha256: sha256,
    decided_at: new Date(decidedMs),
    expires_at: new Date(decidedMs + schema.expiry_s * 1_000),
  };
}

/** Why the model behind the features may not be relied on; null where it may, or where the features come from none. */
async function whyDistrust(trx: Trx, { params, query }: Request, atMs: number): Promise<string | null> {
  if (query.model_expired) return 'the model has expired';
  if (query.model_id === undefined) return null;
  const known = await isInForce(trx, params, { modelId: query.model_id, atMs });
  return known ? null : 'the model is not in force: it was demoted, left or has expired';
}

async function store(trx: Trx, decided: Decided): Promise<void> {
  await trx
    .insertInto('params.decision')
    .values({
      ...decided,
      params: JSON.stringify(decided.params),
      propensities: JSON.stringify(decided.propensities),
      scores: JSON.stringify(decided.scores),
      features: JSON.stringify(decided.features),
    })
    .execute();
  const { draw, generation } = decided;
  const payload = { ...toParamDecision(decided), draw, generation };
  await emitEvent(trx, { kind: 'param.decided', subject: decided.config_id, payload });
}
