import type { Gate as WireGate } from '@aistock/shared';
import type { z } from 'zod';

/** One condition of promotion, with the number that decided it and a sentence that says so. */
export type Gate = z.output<typeof WireGate>;

interface Terms {
  readonly name: string;
  /** Null where it could not be computed: that never passes. */
  readonly value: number | null | undefined;
  readonly limit: number;
  /** What the value is, such as "bars that the model was fitted on". */
  readonly what: string;
}

/** Passes from the limit on. */
export function atLeast(terms: Terms): Gate {
  return gate(terms, 'at least', (value) => value >= terms.limit);
}

/** Passes above the limit only. */
export function moreThan(terms: Terms): Gate {
  return gate(terms, 'more than', (value) => value > terms.limit);
}

/** Passes up to the limit. */
export function atMost(terms: Terms): Gate {
  return gate(terms, 'at most', (value) => value <= terms.limit);
}

function gate(
  { name, value, limit, what }: Terms,
  relation: string,
  passes: (value: number) => boolean,
): Gate {
  const known = typeof value === 'number' && Number.isFinite(value) ? value : null;
  if (known === null)
    return { name, pass: false, value: null, limit, detail: `${what} could not be computed` };
  const detail = `${what}: ${round(known)}, must be ${relation} ${round(limit)}`;
  return { name, pass: passes(known), value: known, limit, detail };
}

/** Four significant digits are what a person reads. */
function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
