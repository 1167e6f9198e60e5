import { ServiceError } from '@aistock/service-kit';
import { STRATEGIES, type Strategy, type StrategyParams } from '@aistock/trading/strategies';

/** @throws ServiceError `strategy_unknown`. */
export function knownStrategy(name: string): Strategy {
  const strategy = STRATEGIES.get(name);
  if (strategy) return strategy;
  const known = [...STRATEGIES.keys()].join(', ');
  throw new ServiceError('strategy_unknown', 404, `there is no strategy ${name}; known are ${known}`, {
    fields: [{ field: 'strategy', message: `must be one of ${known}` }],
  });
}

/** Parameters that the strategy can run with. @throws ServiceError `params_invalid` with every field that is wrong. */
export function soundParams(strategy: Strategy, params: unknown): StrategyParams {
  const parsed = strategy.schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new ServiceError('params_invalid', 422, `${strategy.name} cannot run with these parameters`, {
    fields: parsed.error.issues.map((issue) => ({
      field: ['params', ...issue.path].join('.'),
      message: issue.message,
    })),
  });
}
