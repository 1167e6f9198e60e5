import { z } from 'zod';
import { SourceError } from '../bar-source.ts';
import { readAs, type WebAnswer } from '../http/web-client.ts';
import { codeOfStatus } from '../http/source-error-of.ts';

const SecondsMs = z
  .string()
  .regex(/^-?\d{1,12}$/)
  .transform((text) => Number(text) * 1000);
const Values = z.array(z.string().nullable()).optional();

const Chart = z.object({
  meta: z.object({
    symbol: z.string(),
    exchangeTimezoneName: z.string(),
    dataGranularity: z.string(),
    regularMarketTime: SecondsMs.optional(),
  }),
  timestamp: z.array(SecondsMs).optional(),
  events: z
    .object({
      dividends: z.record(z.string(), z.object({ amount: z.string(), date: SecondsMs })).optional(),
      splits: z
        .record(z.string(), z.object({ date: SecondsMs, numerator: z.string(), denominator: z.string() }))
        .optional(),
    })
    .optional(),
  indicators: z.object({
    quote: z
      .array(z.object({ open: Values, high: Values, low: Values, close: Values, volume: Values }))
      .length(1),
  }),
});
/** One answer of the chart endpoint: columns of numbers as text, times in Unix ms. */
export type Chart = z.output<typeof Chart>;

const Answer = z.object({
  chart: z.object({
    result: z.array(Chart).max(1).nullish(),
    error: z.object({ code: z.string(), description: z.string().nullish() }).nullish(),
  }),
});

/** How Yahoo says that a range is before the first or after the last bar. */
const NOTHING_THERE = /data doesn't exist for startdate/i;
const TOLD_CHARACTERS_MAX = 200;

/**
 * The chart of an answer; undefined where there is nothing in the range.
 * @throws SourceError `unknown_instrument`, `source_refused`, `malformed_data`.
 */
export function readChart({ status, body }: WebAnswer, symbol: string): Chart | undefined {
  const refused = codeOfStatus(status);
  if (refused && !Answer.safeParse(body).success) throw new SourceError(refused, `yahoo answered ${status}`);
  const { result, error } = readAs(Answer, body, 'yahoo').chart;
  if (error) {
    const description = error.description?.slice(0, TOLD_CHARACTERS_MAX) ?? error.code;
    if (NOTHING_THERE.test(description)) return undefined;
    if (error.code === 'Not Found')
      throw new SourceError('unknown_instrument', `yahoo has no ${symbol}: ${description}`);
    throw new SourceError('source_refused', `yahoo gives no ${symbol}: ${description}`);
  }
  const chart = result?.[0];
  if (!chart || refused)
    throw new SourceError(refused ?? 'malformed_data', `yahoo answered ${status} without a chart`);
  return chart;
}
