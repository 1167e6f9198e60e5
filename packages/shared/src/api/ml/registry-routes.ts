import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { Accountable, InstrumentInPath, intText, Ms, Name, StreamId } from '../../vocabulary.ts';
import { Alias, Gate, Model, ModelCard, ModelKind, ServedStrategy } from './model.ts';

/** Which model an alias names; `generation` rises by one with every change of it. */
const AliasState = z.strictObject({
  stream: StreamId,
  strategy: ServedStrategy,
  kind: ModelKind,
  alias: Alias,
  /** Null where the last one was withdrawn: then nobody answers. */
  model_id: z.uuid().nullable(),
  generation: z.int().positive(),
  changed_ms: Ms,
  /** When the model expires; null where there is none. */
  expires_ms: Ms.nullable(),
});

const Approval = z.strictObject({
  model_id: z.uuid(),
  strategy: Name,
  by: z.string(),
  reason: z.string(),
  approved_ms: Ms,
});

export const registryRoutes = {
  models: route({
    method: 'GET',
    path: '/models',
    summary: 'Models, newest first.',
    roles: READERS,
    query: z.strictObject({ instrument: InstrumentInPath.optional(), limit: intText(1, 1000).optional() }),
    response: z.strictObject({ models: z.array(Model) }),
  }),
  // Before /models/:id, which would take `active` for an id.
  activeModels: route({
    method: 'GET',
    path: '/models/active',
    summary: 'The regime model of each stream that answers everybody who has none of his own.',
    roles: READERS,
    response: z.strictObject({
      active: z.array(z.strictObject({ stream: StreamId, generation: z.int().positive(), model: Model })),
    }),
  }),
  model: route({
    method: 'GET',
    path: '/models/:id',
    summary:
      'A model with its card and its artefact, from which what it tells can be computed again, number for number.',
    roles: READERS,
    params: z.strictObject({ id: z.uuid() }),
    response: z.strictObject({
      model: Model,
      /** Null for models from before there were cards. */
      card: ModelCard.nullable(),
      /** What came of its gates for strategies. */
      judgements: z.array(
        z.strictObject({ strategy: Name, passed: z.boolean(), gates: z.array(Gate), judged_ms: Ms }),
      ),
      approvals: z.array(Approval),
      /** Of a regime model the HMM as JSON of packages/hmm-ts, of others as packages/models makes it. */
      artefact: z.record(z.string(), z.unknown()),
      /** The first bar that its answers are computed from. */
      filter_from_ms: Ms,
    }),
  }),
  aliases: route({
    method: 'GET',
    path: '/aliases',
    summary: 'Which model answers for each stream, strategy and kind, and the challengers beside them.',
    roles: READERS,
    query: z.strictObject({ stream: StreamId.optional(), strategy: ServedStrategy.optional() }),
    response: z.strictObject({ aliases: z.array(AliasState) }),
  }),
  promote: route({
    method: 'POST',
    path: '/models/:id/promote',
    summary: 'Make a model champion by hand, of a strategy or of *; its gates must have passed.',
    roles: OPERATORS,
    params: z.strictObject({ id: z.uuid() }),
    body: Accountable.extend({ strategy: ServedStrategy.default('*') }),
    response: Model,
  }),
  approve: route({
    method: 'POST',
    path: '/models/:id/approve',
    summary: 'Sign a model off for a strategy to trade on live; while it is not champion, for when it is.',
    // A person signs, never a service.
    roles: ['operator'],
    params: z.strictObject({ id: z.uuid() }),
    body: Accountable.extend({ strategy: Name }),
    /** The first sign-off of a model for a strategy stands. */
    response: Approval.extend({
      /** Live sessions of the strategy get the model from now on. */
      live: z.boolean(),
    }),
  }),
  rollback: route({
    method: 'POST',
    path: '/rollback',
    summary: 'Make a model champion again that was it before: the one before, or any of the last ones.',
    roles: OPERATORS,
    body: Accountable.extend({
      stream: StreamId,
      strategy: ServedStrategy.default('*'),
      kind: ModelKind.default('regime'),
      /** The model to go back to; the one before unless told. */
      to: z.uuid().optional(),
    }),
    response: Model,
  }),
} as const;
