import { z } from 'zod';
import { READERS, route } from '../../route.ts';
import { FlagText, Instrument, InstrumentInPath, Ms, MsText, Name, Timeframe } from '../../vocabulary.ts';
import { ServedStrategy } from './model.ts';

/** Models that tell numbers instead of regimes. */
export const ForecastKind = z.enum(['trend', 'volatility', 'direction', 'regression']);
export type ForecastKind = z.output<typeof ForecastKind>;

export const Forecast = z.strictObject({
  instrument: Instrument,
  kind: ForecastKind,
  model_id: z.uuid(),
  algorithm: z.string(),
  /** Whose model it is: of the strategy that was asked for, or of everybody. */
  strategy: ServedStrategy,
  /** Of the alias that names the model: rises by one with every change. */
  generation: z.int().positive(),
  /** The bar that this answer has seen last. */
  bar_open_ms: Ms,
  /** By name, in the units of the model's features, such as `probability` or `volatility_next`. */
  values: z.record(z.string(), z.number()),
  /** What `probability` and `value` speak of; null for a model that learns from the features alone. */
  target: z.strictObject({ name: z.string(), horizon_bars: z.int().positive() }).nullable(),
  expires_ms: Ms,
  expired: z.boolean(),
  /** The model was fitted on later bars than this one: for reports, never to trade on. */
  in_sample: z.boolean(),
});
export type Forecast = z.output<typeof Forecast>;

export const forecastRoutes = {
  forecast: route({
    method: 'GET',
    path: '/forecast/:instrument',
    summary:
      'What the champion of a kind of the strategy, or else of *, tells at the last bar that had closed by as_of_ms.',
    roles: READERS,
    params: z.strictObject({ instrument: InstrumentInPath }),
    query: z.strictObject({
      kind: ForecastKind,
      timeframe: Timeframe.optional(),
      as_of_ms: MsText.optional(),
      strategy: Name.optional(),
      /** For a session that trades money: only what a person signed off for the strategy answers. */
      live: FlagText.optional(),
    }),
    response: Forecast,
  }),
} as const;
