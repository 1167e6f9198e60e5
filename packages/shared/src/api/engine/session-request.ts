import { z } from 'zod';
import { Ms, Name, StreamId } from '../../vocabulary.ts';
import { OrderPolicy, SelectionPolicy, SizingPolicy } from './policies.ts';

const LEGS_MAX = 10;
const SLOTS_MAX = 50;
const MODEL_USE_DEFAULT = 'veto';

const ModelUse = z.enum(['confirm', 'scale', 'veto', 'off']);

/** One strategy on its streams. */
export const SessionSlot = z.strictObject({
  id: Name,
  strategy: Name,
  /** The streams of its legs, primary first, all of one timeframe. */
  streams: z.array(StreamId).min(1).max(LEGS_MAX),
  model_use: ModelUse.default(MODEL_USE_DEFAULT),
});
export type SessionSlot = z.output<typeof SessionSlot>;

/**
 * What is to be traded on an account: either `slots`, or the short form for one, `strategy` and `stream`. The same request
 * with other times goes on with the session that it began.
 */
export const SessionRequest = z
  .strictObject({
    account: Name,
    /** `replay` where there is a `to_ms`, else `live`. */
    mode: z.enum(['replay', 'live']).optional(),
    slots: z.array(SessionSlot).min(1).max(SLOTS_MAX).optional(),
    strategy: Name.optional(),
    stream: StreamId.optional(),
    model_use: ModelUse.optional(),
    /** The presets of the policy unless told. */
    sizing: SizingPolicy.optional(),
    /** Trades every slot always unless told. */
    selection: SelectionPolicy.nullable().default(null),
    orders: OrderPolicy.optional(),
    /** Of a replay: the first bar that a new session trades opens then or later. */
    from_ms: Ms.optional(),
    /** Of a replay: bars that had closed by then. */
    to_ms: Ms.optional(),
  })
  .superRefine((request, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message, input: request });
    refuseMixedForms(request, refuse);
    const mode = request.mode ?? (request.to_ms === undefined ? 'live' : 'replay');
    for (const field of ['from_ms', 'to_ms'] as const) {
      if (mode === 'replay' && request[field] === undefined) refuse(field, 'must be given for a replay');
      if (mode === 'live' && request[field] !== undefined)
        refuse(field, 'is for a replay; live goes on until stopped');
    }
    const { from_ms: fromMs = 0, to_ms: toMs = Infinity } = request;
    if (fromMs > toMs) refuse('from_ms', 'must not be after to_ms');
  })
  .transform(({ mode, slots, strategy, stream, model_use, ...rest }) => ({
    ...rest,
    mode: mode ?? (rest.to_ms === undefined ? ('live' as const) : ('replay' as const)),
    slots: slots ?? shortForm({ strategy, stream, model_use }),
  }));
/** As it is worked with: the short form is a slot as any other, named after its strategy. */
export type SessionRequest = z.output<typeof SessionRequest>;

interface ShortForm {
  readonly strategy?: string | undefined;
  readonly stream?: string | undefined;
  readonly model_use?: z.output<typeof ModelUse> | undefined;
}

function refuseMixedForms(
  { slots, ...short }: ShortForm & { readonly slots?: readonly SessionSlot[] | undefined },
  refuse: (field: string, message: string) => void,
): void {
  if (slots) {
    for (const field of ['strategy', 'stream', 'model_use'] as const)
      if (short[field] !== undefined)
        refuse(field, 'is for the short form; with slots, it belongs to a slot');
    if (new Set(slots.map(({ id }) => id)).size < slots.length) refuse('slots', 'must have different ids');
  } else
    for (const field of ['strategy', 'stream'] as const)
      if (short[field] === undefined) refuse(field, 'must be given, or slots instead');
}

function shortForm({ strategy = '', stream = '', model_use = MODEL_USE_DEFAULT }: ShortForm): SessionSlot[] {
  return [{ id: strategy, strategy, streams: [stream], model_use }];
}
