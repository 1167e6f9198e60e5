import { z } from 'zod';
import { READERS, route, TRADERS } from '../../route.ts';
import { Decimal, Instrument, Ms, Name, Sha256, StreamId } from '../../vocabulary.ts';
import { Verdict } from '../market/quality.ts';

export const Signal = z.strictObject({
  strategy: Name,
  instrument: Instrument,
  stream: StreamId,
  bar_open_ms: Ms,
  action: z.enum(['enter_long', 'exit_long']),
  reason: z.string(),
  /** Why an entry was not made, where that is for the quality of the stream; else null. */
  withheld: z.enum(['stream_blocked', 'quality_unknown']).nullable(),
});

export const sessionRoutes = {
  signals: route({
    method: 'GET',
    path: '/signals',
    summary: 'The signals of this process, newest first.',
    roles: READERS,
    response: z.strictObject({ signals: z.array(Signal) }),
  }),
  session: route({
    method: 'POST',
    path: '/session',
    summary: "Trade the bars after the account's clock on paper, one after the other, up to to_ms.",
    roles: TRADERS,
    body: z.strictObject({
      strategy: Name,
      stream: StreamId,
      account: Name,
      /** First bar to trade where the account has no clock yet. */
      from_ms: Ms,
      to_ms: Ms,
    }),
    response: z.strictObject({
      bars: z.int().min(0),
      signals: z.int().min(0),
      intents: z.int().min(0),
      filled: z.int().min(0),
      denied: z.int().min(0),
      /** Entries that were signalled and not made, for the quality of the stream. */
      withheld: z.int().min(0),
      unknown: z.int().min(0),
      outcomes: z.int().min(0),
      equity: z.strictObject({ start: Decimal, end: Decimal }),
      last_decision: z
        .strictObject({ config_id: z.uuid(), preset_id: Name, propensity: z.number() })
        .nullable(),
      /** Of the stream, as it was known at the last bar; `unknown` where data_ingester did not say. */
      quality: z.strictObject({
        verdict: z.enum([...Verdict.options, 'unknown']),
        reasons: z.array(z.string()),
      }),
      decision_log_sha256: Sha256,
    }),
    timeoutMs: 600_000,
  }),
} as const;
