import { ServiceError } from '@aistock/service-kit';
import type { BacktestRequest, BacktestSlot, FieldProblem } from '@aistock/shared';
import type { LoadedStrategy, Strategies } from '@aistock/strategy-schemas';
import { paramProblems } from '@aistock/trading/policy';
import { SCENARIOS } from '@aistock/trading/scenarios';
import { STRATEGIES } from '@aistock/trading/strategies';
import type { FullRequest, JobSlot, PresetTerms } from './job/run-job.ts';
import { sweepGrid } from './studies/sweep-grid.ts';
import { foldsOf } from './studies/walk-forward.ts';

const SHORT_FORM_SLOT = 'main';

/**
 * What was asked for with every default filled in, in one shape, so that the same run has the same hash whichever form asked
 * for it.
 * @throws ServiceError `strategy_unknown`, `preset_unknown`, `params_invalid` with every field, `legs_wrong`, `models_differ`,
 * `sweep_invalid`, `folds_invalid` or `scenario_unknown`.
 */
export function fullRequest(request: BacktestRequest, strategies: Strategies): FullRequest {
  const { slots, strategy, stream, params, model_id: modelId, model_use: modelUse, ...rest } = request;
  const given: readonly BacktestSlot[] = slots ?? [
    {
      id: SHORT_FORM_SLOT,
      strategy: strategy!,
      streams: [stream!],
      model_use: modelUse ?? (modelId === undefined ? 'off' : 'confirm'),
      ...(params && { params }),
      ...(modelId !== undefined && { model_id: modelId }),
    },
  ];
  const at = (index: number): string => (slots ? `slots.${index}.` : '');
  const full = { ...rest, slots: given.map((slot, index) => fullSlot(slot, strategies, at(index))) };
  checkModels(full);
  checkStudy(full, strategies);
  return full;
}

/** A stream has one regime at a time, as it has live. */
function checkModels({ slots }: FullRequest): void {
  const models = new Map<string, string>();
  for (const { streams, model_id: modelId, model_use: use } of slots) {
    if (modelId === undefined || use === 'off') continue;
    const other = models.get(streams[0]!);
    if (other !== undefined && other !== modelId)
      throw new ServiceError('models_differ', 422, `${streams[0]} has one regime, not that of two models`, {
        fields: [{ field: 'slots', message: 'must use one model for each primary stream' }],
      });
    models.set(streams[0]!, modelId);
  }
}

function fullSlot(slot: BacktestSlot, strategies: Strategies, at: string): JobSlot {
  const loaded = strategies.get(slot.strategy);
  const strategy = STRATEGIES.get(slot.strategy);
  if (!loaded || !strategy) {
    const known = [...STRATEGIES.keys()].join(', ');
    throw new ServiceError(
      'strategy_unknown',
      404,
      `there is no strategy ${slot.strategy}; known are ${known}`,
      {
        fields: [{ field: `${at}strategy`, message: `must be one of ${known}` }],
      },
    );
  }
  if (slot.streams.length !== strategy.legs)
    throw new ServiceError('legs_wrong', 422, `${slot.strategy} trades ${strategy.legs} streams`, {
      fields: [
        {
          field: `${at}streams`,
          message: `must be ${strategy.legs}, primary first; use the form with slots`,
        },
      ],
    });
  const { schema } = loaded;
  const conservative = schema.presets[schema.conservative]!.params;
  return {
    ...slot,
    params: soundParams(loaded, { ...presetParams(slot, schema, at), ...slot.params }, `${at}params`),
    conservative_params: soundParams(
      loaded,
      { ...conservative, ...slot.conservative_params },
      `${at}conservative_params`,
    ),
    ...(slot.preset_id !== undefined && { preset_terms: presetTerms(schema) }),
  };
}

function presetTerms({ conservative, expiry_s, features }: LoadedStrategy['schema']): PresetTerms {
  return { conservative, expiry_s, features };
}

/** What parameters that are not given are. @throws ServiceError `preset_unknown`. */
function presetParams(
  { preset_id: presetId, params }: BacktestSlot,
  { strategy, presets, conservative }: LoadedStrategy['schema'],
  at: string,
): Readonly<Record<string, number>> {
  const named = presets[presetId ?? conservative];
  if (named) return named.params;
  if (params) return {};
  const message = `must be one of ${Object.keys(presets).join(', ')}, or come with its params`;
  throw new ServiceError('preset_unknown', 404, `${strategy} has no preset ${presetId}`, {
    fields: [{ field: `${at}preset_id`, message }],
  });
}

function soundParams(
  { schema }: LoadedStrategy,
  params: Readonly<Record<string, number>>,
  field: string,
): Record<string, number> {
  const problems = paramProblems(schema, params);
  if (problems.length === 0) return { ...params };
  throw new ServiceError('params_invalid', 422, `${schema.strategy} cannot run with these parameters`, {
    fields: problems.map(({ field: name, message }) => ({ field: `${field}.${name}`, message })),
  });
}

function checkStudy(request: FullRequest, strategies: Strategies): void {
  const { study } = request;
  if (study.type === 'scenarios') {
    const unknown = (study.names ?? []).filter((name) => !SCENARIOS.has(name));
    if (unknown.length === 0) return;
    const known = [...SCENARIOS.keys()].join(', ');
    throw new ServiceError(
      'scenario_unknown',
      404,
      `there is no scenario ${unknown.join(', ')}; known are ${known}`,
      {
        fields: [{ field: 'study.names', message: `must be of ${known}` }],
      },
    );
  }
  if (study.type !== 'sweep' && study.type !== 'walk_forward') return;
  if (request.slots[0]!.preset_id !== undefined)
    throw new ServiceError('sweep_invalid', 422, 'the parameters that are tried are no preset', {
      fields: [{ field: 'slots.0.preset_id', message: 'must be left out where parameters are tried' }],
    });
  const problems = rangeProblems(request, strategies, study.ranges);
  if (problems.length === 0 && sweepGrid(request, strategies).length > 0) {
    if (study.type === 'walk_forward') checkFolds(study, request);
    return;
  }
  throw new ServiceError('sweep_invalid', 422, 'the strategy cannot run with these ranges', {
    fields:
      problems.length > 0
        ? problems
        : [
            {
              field: 'study.ranges',
              message: 'no combination keeps the order that the parameters must have',
            },
          ],
  });
}

function checkFolds(study: Parameters<typeof foldsOf>[0], request: FullRequest): void {
  try {
    foldsOf(study, request);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ServiceError('folds_invalid', 422, error.message, {
      cause: error,
      fields: [{ field: 'study.train_ms', message: error.message }],
    });
  }
}

/** Both ends of a range have to be allowed by themselves; what is between them is then inside the bounds as well. */
function rangeProblems(
  { slots }: FullRequest,
  strategies: Strategies,
  ranges: Readonly<Record<string, { from: number; to: number }>>,
): FieldProblem[] {
  const [slot] = slots;
  const schema = strategies.get(slot!.strategy)!.schema;
  return Object.entries(ranges).flatMap(([name, { from, to }]) =>
    [from, to].flatMap((value) =>
      paramProblems({ params: schema.params, constraints: [] }, { ...slot!.params, [name]: value }).map(
        ({ message }) => ({ field: `study.ranges.${name}`, message }),
      ),
    ),
  );
}
