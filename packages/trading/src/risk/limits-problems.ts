import type { FieldProblem, Limits } from '@aistock/shared';
import { Decimal } from '../decimal.ts';

/** What the contract's schema cannot say about limits: how their parts fit together. Field names start at the limits. */
export function limitsProblems(limits: Limits): FieldProblem[] {
  return Object.entries(limits.instruments).flatMap(([instrument, own]) => {
    const field = `instruments.${instrument}`;
    const problems: FieldProblem[] = [];
    if (own.price_stream.split(':').slice(1, -1).join(':') !== instrument) {
      problems.push({ field: `${field}.price_stream`, message: `must be a stream of ${instrument}` });
    }
    if (new Decimal(own.notional_min).gt(own.notional_max)) {
      problems.push({ field: `${field}.notional_min`, message: 'must not be above notional_max' });
    }
    return problems;
  });
}
