import { ServiceError } from '@aistock/service-kit';
import type { Strategies } from '@aistock/strategy-schemas';
import { paramProblems } from '@aistock/trading/policy';
import { combinationsOf, COMBINATIONS_MAX, parameterGrid } from '@aistock/trading/studies';
import type { FullRequest } from '../job/run-job.ts';

/**
 * The combinations of a study that the strategy can run with, in a fixed order: those that break its order between
 * parameters, such as a fast average that is slower than the slow one, are left out.
 * @throws ServiceError `combinations_too_many`.
 */
export function sweepGrid(request: FullRequest, strategies: Strategies): Readonly<Record<string, number>>[] {
  const { study, slots } = request;
  if (study.type !== 'sweep' && study.type !== 'walk_forward') return [];
  const count = combinationsOf(study.ranges);
  if (count > COMBINATIONS_MAX)
    throw new ServiceError(
      'combinations_too_many',
      422,
      `the ranges have ${count} combinations, at most ${COMBINATIONS_MAX} are run; widen the steps`,
      { fields: [{ field: 'study.ranges', message: `must have at most ${COMBINATIONS_MAX} combinations` }] },
    );
  const { schema } = strategies.get(slots[0]!.strategy)!;
  return parameterGrid(slots[0]!.params, study.ranges).filter(
    (params) => paramProblems(schema, params).length === 0,
  );
}
