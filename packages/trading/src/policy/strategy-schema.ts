import { Name } from '@aistock/shared';
import { z } from 'zod';
import { paramProblems } from './check-params.ts';

const PRESETS_MIN = 3;
/** With this many presets a propensity floor of 2 % still leaves more than half to the policy. */
export const PRESETS_MAX = 20;
const FEATURES_MAX = 16;

const Text = z.string().trim().min(1).max(500);

const ParamSpec = z
  .strictObject({
    type: z.enum(['int', 'number']),
    min: z.number(),
    max: z.number(),
    /** Values are `min` plus whole multiples of it, where it is given. */
    step: z.number().positive().optional(),
    unit: Text,
    description: Text,
  })
  .refine(({ min, max }) => min < max, { path: ['max'], message: 'must be above min' })
  .refine(({ type, min, max }) => type === 'number' || (Number.isInteger(min) && Number.isInteger(max)), {
    path: ['min'],
    message: 'must be a whole number, as max, where type is int',
  });
export type ParamSpec = z.infer<typeof ParamSpec>;

const FeatureSpec = z
  .strictObject({
    name: Name,
    /** Anything outside cannot be right and is refused. */
    min: z.number(),
    max: z.number(),
    /** The usual span, which the context vector maps to -1 and 1. */
    low: z.number(),
    high: z.number(),
    unit: Text,
    description: Text,
  })
  .refine(({ min, low, high, max }) => min <= low && low < high && high <= max, {
    path: ['low'],
    message: 'must keep min <= low < high <= max',
  });
export type FeatureSpec = z.infer<typeof FeatureSpec>;

const Preset = z.strictObject({ description: Text, params: z.record(Name, z.number()) });

const Shape = z.strictObject({
  strategy: Name,
  version: z.int().positive(),
  description: Text,
  /** How long a choice holds, in s. */
  expiry_s: z.int().min(1).max(31_536_000),
  reward: z.strictObject({
    /** Rewards are clipped to plus and minus this return: one accident must not decide everything. */
    clip: z.number().positive().max(0.2),
    /** Standard deviation of one reward around its expectation: how slowly the policy believes what it sees. */
    noise_sd: z.number().positive().max(0.2),
  }),
  params: z
    .record(Name, ParamSpec)
    .refine((params) => Object.keys(params).length > 0, 'must name a parameter'),
  /** Order between parameters: `less` has to be below `than`. */
  constraints: z.array(z.strictObject({ less: Name, than: Name })).default([]),
  features: z.strictObject({
    required: z.array(FeatureSpec).max(FEATURES_MAX),
    optional: z.array(FeatureSpec).max(FEATURES_MAX),
  }),
  /** The preset that is given where nothing can be chosen. */
  conservative: Name,
  presets: z.record(Name, Preset),
});

/** A strategy's parameters, their bounds, what the choice depends on, and its presets: one YAML file. */
export type StrategySchema = z.infer<typeof Shape>;

export const StrategySchema = Shape.superRefine((schema, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message, input: schema });
  const names = Object.keys(schema.presets);
  if (names.length < PRESETS_MIN || names.length > PRESETS_MAX)
    refuse(['presets'], `must be ${PRESETS_MIN} to ${PRESETS_MAX}, but there are ${names.length}`);
  if (!names.includes(schema.conservative)) refuse(['conservative'], `must be one of ${names.join(', ')}`);
  for (const [index, { less, than }] of schema.constraints.entries())
    for (const name of [less, than])
      if (!Object.hasOwn(schema.params, name)) refuse(['constraints', index], `${name} is not a parameter`);
  const features = [...schema.features.required, ...schema.features.optional].map(({ name }) => name);
  for (const name of features.filter((each, index) => features.indexOf(each) !== index))
    refuse(['features', name], 'is listed twice');
  for (const [preset, { params }] of Object.entries(schema.presets))
    for (const { field, message } of paramProblems(schema, params))
      refuse(['presets', preset, 'params', field], message);
});
