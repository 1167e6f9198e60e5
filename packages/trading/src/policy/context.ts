import { canonicalJson, sha256Hex, type FieldProblem } from '@aistock/shared';
import type { FeatureSpec, StrategySchema } from './strategy-schema.ts';

export type Features = Readonly<Record<string, number>>;

/** Features that no choice can be made from. */
export interface FeatureRefusal {
  readonly code: 'feature_missing' | 'feature_unknown' | 'feature_out_of_range';
  readonly fields: readonly FieldProblem[];
}

/** Why these features cannot be used; undefined where they can. */
export function refuseFeatures(
  { features: specs }: Pick<StrategySchema, 'features'>,
  features: Features,
): FeatureRefusal | undefined {
  const known = [...specs.required, ...specs.optional];
  const unknown = Object.keys(features).filter((name) => !known.some((spec) => spec.name === name));
  if (unknown.length > 0) {
    const message = `is not a feature of this strategy; there are ${known.map((spec) => spec.name).join(', ')}`;
    return { code: 'feature_unknown', fields: unknown.map((name) => problem(name, message)) };
  }
  const missing = specs.required.filter((spec) => features[spec.name] === undefined);
  if (missing.length > 0)
    return {
      code: 'feature_missing',
      fields: missing.map((spec) => problem(spec.name, `is required: ${range(spec)}`)),
    };
  const outside = known.filter((spec) => !isInRange(spec, features[spec.name]));
  if (outside.length > 0)
    return {
      code: 'feature_out_of_range',
      fields: outside.map((spec) => problem(spec.name, `must be ${range(spec)}`)),
    };
  return undefined;
}

/**
 * What is asked for where no model can be relied on: features that come from one cannot be given either. What is missing then
 * is no part of the context, so that what comes of the choice is learned about a context without it, and not about made-up values.
 */
export function featuresWithoutModel(
  { required, ...others }: StrategySchema['features'],
  features: Features,
): StrategySchema['features'] {
  return { ...others, required: required.filter(({ name }) => features[name] !== undefined) };
}

function problem(name: string, message: string): FieldProblem {
  return { field: `features[${name}]`, message };
}

function range({ min, max, unit }: FeatureSpec): string {
  return `a number from ${min} to ${max} (${unit})`;
}

/** An optional feature may be absent; NaN never is in range. */
function isInRange({ min, max }: FeatureSpec, value: number | undefined): boolean {
  return value === undefined || (value >= min && value <= max);
}

/** Values of the context vector of a strategy. */
export function contextDimensions({ features: { required, optional } }: StrategySchema): number {
  return 1 + required.length + 2 * optional.length;
}

/**
 * The context vector of features that {@link refuseFeatures} has let pass: 1 for the bias, then each required
 * feature, then each optional one as its value and whether it was there, so that absent is not the same as zero.
 * The usual span of a feature becomes -1 to 1.
 */
export function contextVector(
  { features: { required, optional } }: StrategySchema,
  features: Features,
): number[] {
  const present = required.map((spec) => scaled(spec, features[spec.name] ?? Number.NaN));
  const maybe = optional.flatMap((spec) => {
    const value = features[spec.name];
    return value === undefined ? [0, 0] : [scaled(spec, value), 1];
  });
  return [1, ...present, ...maybe];
}

function scaled({ low, high }: FeatureSpec, value: number): number {
  return (2 * (value - low)) / (high - low) - 1;
}

/**
 * Names what a posterior was learned about: these parameters in a context vector of this layout. With other
 * parameters or features under the same preset name, what was learned does not apply.
 */
export function armSha256(schema: StrategySchema, params: Readonly<Record<string, number>>): string {
  const { required, optional } = schema.features;
  return sha256Hex(canonicalJson({ params, required: layout(required), optional: layout(optional) }));
}

function layout(specs: readonly FeatureSpec[]) {
  return specs.map(({ name, low, high }) => ({ name, low, high }));
}
