import { z } from 'zod';
import { OPERATORS, READERS, route, TRADERS } from '../route.ts';
import { Accountable, FlagText, Instrument, InstrumentInPath, Ms, MsText, Name } from '../vocabulary.ts';

export const Params = z.record(z.string(), z.number());
export const PolicyMode = z.enum(['fixed', 'epsilon_greedy', 'thompson']);

const FEATURE_KEY = /^features\[([a-z][a-z0-9_]{0,47})\]$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,18})?(e-?\d{1,3})?$/i;

/** `features[hmm_trend]=0.7&features[vol]=0.3&as_of_ms=...`, parsed to one object. */
const ParamQuery = z.record(z.string(), z.string()).transform((query, context) => {
  const features: Record<string, number> = {};
  let as_of_ms: number | undefined;
  let model_id: string | undefined;
  let model_expired = false;
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message, input: query[field] });
  for (const [key, text] of Object.entries(query)) {
    const feature = FEATURE_KEY.exec(key)?.[1];
    if (feature !== undefined) {
      const value = Number(text);
      if (!NUMBER.test(text) || !Number.isFinite(value)) refuse(key, 'must be a finite number such as 0.7');
      else features[feature] = value;
    } else if (key === 'as_of_ms') {
      const parsed = MsText.safeParse(text);
      if (parsed.success) as_of_ms = parsed.data;
      else refuse(key, 'must be Unix milliseconds, digits only');
    } else if (key === 'model_id') {
      if (z.uuid().safeParse(text).success) model_id = text;
      else refuse(key, 'must be a model id (UUID)');
    } else if (key === 'model_expired') {
      const parsed = FlagText.safeParse(text);
      if (parsed.success) model_expired = parsed.data;
      else refuse(key, 'must be true or false');
    } else refuse(key, 'is not known; allowed are features[name], as_of_ms, model_id and model_expired');
  }
  return { features, as_of_ms, model_id, model_expired };
});

const StrategyAndInstrument = z.strictObject({ strategy: Name, instrument: InstrumentInPath });

export const ParamDecision = z.strictObject({
  config_id: z.uuid(),
  strategy: Name,
  instrument: Instrument,
  preset_id: Name,
  params: Params,
  /** Probability with which the policy chose this preset, over all presets that were allowed. */
  propensity: z.number().gt(0).max(1),
  /** The whole distribution that the choice was drawn from. */
  propensities: z.record(Name, z.number()),
  mode: PolicyMode,
  /** Why the conservative preset was given without a choice, where it was. */
  fallback: z.string().nullable(),
  features: z.record(z.string(), z.number()),
  model_id: z.uuid().nullable(),
  schema_sha256: z.string(),
  decided_ms: Ms,
  expires_ms: Ms,
});
export type ParamDecision = z.infer<typeof ParamDecision>;

export const paramControllerApi = {
  param: route({
    method: 'GET',
    path: '/param/:strategy/:instrument',
    summary: 'Choose a preset for the context, store the decision, answer its parameters.',
    roles: READERS,
    params: StrategyAndInstrument,
    query: ParamQuery,
    response: ParamDecision,
  }),
  learnOutcome: route({
    method: 'POST',
    path: '/learn/outcome/:strategy/:instrument/:preset_id',
    summary: 'Learn the outcome of a decision, once however often it is posted.',
    roles: TRADERS,
    params: StrategyAndInstrument.extend({ preset_id: Name }),
    body: z.strictObject({
      config_id: z.uuid(),
      /** Return of the closed position on its notional, after costs: 0.01 is one per cent. Clipped to ±0.2. */
      reward: z.number().min(-10).max(10),
      closed_ms: Ms,
    }),
    response: z.strictObject({
      learned: z.boolean(),
      config_id: z.uuid(),
      preset_id: Name,
      outcomes: z.int().min(0),
      reward_mean: z.number(),
    }),
  }),
  registerPreset: route({
    method: 'POST',
    path: '/preset/register/:strategy/:instrument',
    summary: "Add a preset for an instrument, inside the strategy's bounds.",
    roles: OPERATORS,
    params: StrategyAndInstrument,
    body: Accountable.extend({ preset_id: Name, description: z.string().min(1).max(500), params: Params }),
    response: z.strictObject({
      strategy: Name,
      instrument: Instrument,
      preset_id: Name,
      params: Params,
      registered_ms: Ms,
    }),
    successStatus: 201,
  }),
  decision: route({
    method: 'GET',
    path: '/decisions/:config_id',
    summary: 'A stored decision with its outcome, if one was learned.',
    roles: READERS,
    params: z.strictObject({ config_id: z.uuid() }),
    response: z.strictObject({
      decision: ParamDecision,
      outcome: z.strictObject({ reward: z.number(), closed_ms: Ms, learned_ms: Ms }).nullable(),
    }),
  }),
  setMode: route({
    method: 'PUT',
    path: '/mode',
    summary: 'How presets are chosen for a strategy and instrument.',
    roles: OPERATORS,
    body: Accountable.extend({
      strategy: Name,
      instrument: Instrument,
      mode: PolicyMode,
      /** The preset of mode fixed; the conservative one unless told. */
      preset_id: Name.optional(),
    }),
    response: z.strictObject({
      strategy: Name,
      instrument: Instrument,
      mode: PolicyMode,
      preset_id: Name.nullable(),
    }),
  }),
} as const;
