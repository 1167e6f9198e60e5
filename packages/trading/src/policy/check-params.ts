import type { FieldProblem } from '@aistock/shared';
import type { ParamSpec, StrategySchema } from './strategy-schema.ts';

/** Of a step, what rounding may cost: 0.1 times 3 is not 0.3 in binary. */
const STEP_TOLERANCE = 1e-9;

/** What is wrong with a set of parameters, by name: each has to be there, inside its bounds, and no other. */
export function paramProblems(
  { params: specs, constraints }: Pick<StrategySchema, 'params' | 'constraints'>,
  params: Readonly<Record<string, number>>,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [field, spec] of Object.entries(specs)) {
    const value = params[field];
    const message = value === undefined ? `is missing; ${allowed(spec)}` : valueProblem(spec, value);
    if (message !== undefined) problems.push({ field, message });
  }
  for (const field of Object.keys(params))
    if (!Object.hasOwn(specs, field))
      problems.push({ field, message: `is not a parameter; there are ${Object.keys(specs).join(', ')}` });
  if (problems.length > 0) return problems;
  return constraints
    .filter(({ less, than }) => !((params[less] ?? Number.NaN) < (params[than] ?? Number.NaN)))
    .map(({ less, than }) => ({ field: less, message: `must be below ${than}` }));
}

function valueProblem(spec: ParamSpec, value: number): string | undefined {
  const inside = Number.isFinite(value) && value >= spec.min && value <= spec.max;
  const whole = spec.type === 'number' || Number.isInteger(value);
  return inside && whole && isOnStep(spec, value) ? undefined : allowed(spec);
}

function isOnStep({ min, step }: ParamSpec, value: number): boolean {
  if (step === undefined) return true;
  const steps = (value - min) / step;
  return Math.abs(steps - Math.round(steps)) < STEP_TOLERANCE;
}

function allowed({ type, min, max, step, unit }: ParamSpec): string {
  const kind = type === 'int' ? 'a whole number' : 'a number';
  return `must be ${kind} from ${min} to ${max}${step === undefined ? '' : ` in steps of ${step}`} (${unit})`;
}
