import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import { score } from '../infer.ts';
import type { Observations } from '../observations.ts';

/**
 * Mean predictive log-likelihood of the rows from `fromRow` on, in nats a row and in the units of the data: each row
 * given all rows before it in its sequence.
 * @throws HmmError `bad_option` where no rows are left before or after, and as `score`.
 */
export function heldOutScore(model: Hmm, observations: Observations, fromRow: number): number {
  const past = firstRows(observations, fromRow);
  const rows = observations.values.length / observations.dimensions - fromRow;
  return (score(model, observations) - score(model, past)) / rows;
}

/** The rows before `end`, with the sequences that they are of. @throws HmmError `bad_option`. */
export function firstRows(observations: Observations, end: number): Observations {
  const { dimensions, values, lengths } = observations;
  const rows = values.length / dimensions;
  if (!Number.isSafeInteger(end) || end < 1 || end >= rows)
    throw new HmmError('bad_option', `fromRow must be a whole number from 1 and below ${rows}, not ${end}`);
  let left = end;
  const kept = lengths?.map((steps) => {
    const own = Math.min(steps, left);
    left -= own;
    return own;
  });
  const cut = { ...observations, values: values.subarray(0, end * dimensions) };
  return kept ? { ...cut, lengths: kept.filter((steps) => steps > 0) } : cut;
}
