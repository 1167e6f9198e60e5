import { z } from 'zod';
import { READERS, route } from '../../route.ts';
import { FlagText, Instrument, InstrumentInPath, Ms, MsText, Name, Timeframe } from '../../vocabulary.ts';
import { ServedStrategy } from './model.ts';

export const Regime = z.strictObject({
  instrument: Instrument,
  model_id: z.uuid(),
  /** Whose model it is: of the strategy that was asked for, or of everybody. */
  strategy: ServedStrategy,
  /** Of the alias that names the model: rises by one with every change. */
  generation: z.int().positive(),
  /** The bar that this answer has seen last. */
  bar_open_ms: Ms,
  /** Filtered probability of each state, states ordered by volatility, calmest first. */
  probabilities: z.array(z.number()),
  state: z.int().min(0),
  /** Probability-weighted sign of the states' mean return, from -1 to 1. */
  hmm_trend: z.number().min(-1).max(1),
  /** Probability of the most volatile state. */
  hmm_risk: z.number().min(0).max(1),
  expires_ms: Ms,
  expired: z.boolean(),
  /** The model was fitted on later bars than this one: for reports, never to trade on. */
  in_sample: z.boolean(),
});
export type Regime = z.infer<typeof Regime>;

export const regimeRoutes = {
  regime: route({
    method: 'GET',
    path: '/regime/:instrument',
    summary:
      'The regime as the champion of the strategy, or else of *, filters it from the bars closed by as_of_ms.',
    roles: READERS,
    params: z.strictObject({ instrument: InstrumentInPath }),
    query: z
      .strictObject({
        timeframe: Timeframe.optional(),
        as_of_ms: MsText.optional(),
        strategy: Name.optional(),
        /** For a session that trades money: only what a person signed off for the strategy answers. */
        live: FlagText.optional(),
      })
      .refine(({ live, strategy }) => !live || strategy !== undefined, {
        path: ['strategy'],
        message: 'must be given where live is true: a model is signed off for a strategy',
      }),
    response: Regime,
  }),
} as const;
