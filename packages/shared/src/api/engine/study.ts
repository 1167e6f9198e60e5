import { z } from 'zod';
import { Name } from '../../vocabulary.ts';

const RANGES_MAX = 8;
const TIMES_MAX = 200;
const LENGTH_MS_MAX = 10 * 365 * 86_400_000;

/** What points of a grid are ranked by, higher is better. */
export const Criterion = z.enum(['sharpe', 'sortino', 'calmar', 'return', 'profit_factor']);
export type Criterion = z.infer<typeof Criterion>;

/** from, from + step, ... up to and with `to`. */
const ParamRange = z
  .strictObject({ from: z.number(), to: z.number(), step: z.number().positive() })
  .refine(({ from, to }) => from <= to, { path: ['from'], message: 'must not be above to' });

/** Parameters of the first slot's strategy; the others stay as they are. */
const ParamRanges = z.record(z.string(), ParamRange).refine((ranges) => {
  const count = Object.keys(ranges).length;
  return count >= 1 && count <= RANGES_MAX;
}, `must name 1 to ${RANGES_MAX} parameters`);

const LengthMs = z.int().positive().max(LENGTH_MS_MAX);

/** What is made of a backtest. */
export const Study = z.discriminatedUnion('type', [
  /** Nothing more. */
  z.strictObject({ type: z.literal('single') }),
  /** Every combination of the ranges over the whole period; the result is that of the best, and in sample. */
  z.strictObject({ type: z.literal('sweep'), ranges: ParamRanges, criterion: Criterion.default('sharpe') }),
  /** For each fold the best combination of a train window is traded in the test window after it. */
  z.strictObject({
    type: z.literal('walk_forward'),
    ranges: ParamRanges,
    criterion: Criterion.default('sharpe'),
    train_ms: LengthMs,
    test_ms: LengthMs,
    mode: z.enum(['anchored', 'rolling']).default('rolling'),
    /** Left out between train and test: what a trade could still hold. */
    purge_ms: z.int().min(0).max(LENGTH_MS_MAX).default(0),
    /** Left out besides, since what follows closely is alike. */
    embargo_ms: z.int().min(0).max(LENGTH_MS_MAX).default(0),
  }),
  /** The same period again under stress; all scenarios unless told. */
  z.strictObject({ type: z.literal('scenarios'), names: z.array(Name).min(1).max(20).optional() }),
  /** Whether a decision changes when the data after it is cut off or replaced by noise, at so many random times. */
  z.strictObject({ type: z.literal('lookahead'), times: z.int().min(1).max(TIMES_MAX).default(20) }),
  /** How decisions change with the length of the warm-up. */
  z.strictObject({ type: z.literal('recursive') }),
]);
export type Study = z.output<typeof Study>;
