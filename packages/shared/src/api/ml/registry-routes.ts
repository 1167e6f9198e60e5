import { z } from 'zod';
import { OPERATORS, READERS, route } from '../../route.ts';
import { Accountable, InstrumentInPath, intText, Ms, StreamId } from '../../vocabulary.ts';
import { Model } from './model.ts';

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
    summary: 'The active model of each instrument.',
    roles: READERS,
    response: z.strictObject({
      /** `generation` rises by one with every change of the active model. */
      active: z.array(z.strictObject({ stream: StreamId, generation: z.int().positive(), model: Model })),
    }),
  }),
  model: route({
    method: 'GET',
    path: '/models/:id',
    summary: 'A model with its artefact, from which its regimes can be computed again, number for number.',
    roles: READERS,
    params: z.strictObject({ id: z.uuid() }),
    response: z.strictObject({
      model: Model,
      /** The Gaussian HMM as JSON of packages/hmm-ts. */
      artefact: z.record(z.string(), z.unknown()),
      /** The first bar that GET /regime filters with this model. */
      filter_from_ms: Ms,
    }),
  }),
  promote: route({
    method: 'POST',
    path: '/models/:id/promote',
    summary: 'Make a model active by hand; its gates must have passed.',
    roles: OPERATORS,
    params: z.strictObject({ id: z.uuid() }),
    body: Accountable,
    response: Model,
  }),
  rollback: route({
    method: 'POST',
    path: '/rollback',
    summary: 'Make the model that was active before active again.',
    roles: OPERATORS,
    body: Accountable.extend({ stream: StreamId }),
    response: Model,
  }),
} as const;
