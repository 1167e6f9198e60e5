import { z } from 'zod';
import { Limits } from '../risk-gate.ts';
import { CostModel, DEFAULT_COSTS, FundingRate, InstrumentRules } from '../costs.ts';
import { Params } from '../param-controller.ts';
import { Instrument, Ms, Name, PositiveDecimal, StreamId } from '../../vocabulary.ts';
import { OrderPolicy, SelectionPolicy, SizingPolicy } from './policies.ts';
import { Study } from './study.ts';

const LEGS_MAX = 10;
const SLOTS_MAX = 50;
const RULES_MAX = 100;
const FUNDING_MAX = 500;

export const ModelUse = z.enum(['confirm', 'scale', 'veto', 'off']);

/** One strategy on its streams. */
export const BacktestSlot = z.strictObject({
  id: Name,
  strategy: Name,
  /** The streams of its legs, primary first, all of one timeframe. */
  streams: z.array(StreamId).min(1).max(LEGS_MAX),
  /** What is left out is that of the preset that is named, or else of the strategy's conservative preset. */
  params: Params.optional(),
  /**
   * The preset that `params` are, of the strategy or, with all of `params`, of param_controller. They then come as in a
   * session: chosen while the model speaks, the conservative preset without it, and the decision log names which.
   */
  preset_id: Name.optional(),
  /** What it trades with where its model is missing; what is left out is that of the strategy's conservative preset. */
  conservative_params: Params.optional(),
  /** Filters the regime of the primary stream; without it there is none. */
  model_id: z.uuid().optional(),
  model_use: ModelUse.default('off'),
});
export type BacktestSlot = z.output<typeof BacktestSlot>;

/**
 * What is to be run. Either `slots`, or the short form for one: `strategy`, `stream` and those `params` that
 * are not of its conservative preset.
 */
export const BacktestRequest = z
  .strictObject({
    slots: z.array(BacktestSlot).min(1).max(SLOTS_MAX).optional(),
    strategy: Name.optional(),
    stream: StreamId.optional(),
    params: Params.optional(),
    model_id: z.uuid().optional(),
    model_use: ModelUse.optional(),
    /** The first bar that is traded opens then or later; the bars before it warm up. */
    from_ms: Ms,
    /** The last bar has closed by then. */
    to_ms: Ms,
    start_cash: PositiveDecimal.default('100000'),
    costs: CostModel.default(DEFAULT_COSTS),
    /** By instrument, oldest first. Lots and ticks of 0.00000001 and no minimum unless told, and a warning then. */
    rules: z.record(Instrument, z.array(InstrumentRules).min(1).max(RULES_MAX)).default({}),
    /** What the risk gate would hold its orders to; none unless told, and a warning then. */
    limits: Limits.nullable().default(null),
    sizing: SizingPolicy.prefault({}),
    /** Trades every slot always unless told. */
    selection: SelectionPolicy.nullable().default(null),
    orders: OrderPolicy.prefault({}),
    /** Streams of a finer timeframe that say what came first inside a bar, by the stream whose bars they are in. */
    detail: z.record(StreamId, StreamId).default({}),
    /** By instrument, ascending. */
    funding: z.record(Instrument, z.array(FundingRate).max(FUNDING_MAX)).default({}),
    seed: z.int().min(0).max(4_294_967_295).default(1),
    /** Whether a model may speak about bars that it was trained on; a warning then. */
    allow_in_sample: z.boolean().default(false),
    study: Study.default({ type: 'single' }),
  })
  .superRefine((request, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: request });
    const short = ['strategy', 'stream', 'params', 'model_id', 'model_use'] as const;
    if (request.slots) {
      for (const field of short)
        if (request[field] !== undefined)
          refuse(field, 'is for the short form; with slots, it belongs to a slot');
      const ids = request.slots.map(({ id }) => id);
      if (new Set(ids).size < ids.length) refuse('slots', 'must have different ids');
    } else
      for (const field of ['strategy', 'stream'] as const)
        if (request[field] === undefined) refuse(field, 'must be given, or slots instead');
    if (request.from_ms >= request.to_ms) refuse('from_ms', 'must be before to_ms');
  });
export type BacktestRequest = z.output<typeof BacktestRequest>;
