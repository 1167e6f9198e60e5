import { z } from 'zod';
import { SourceError, type Provenance } from '../bar-source.ts';
import { readAs } from '../http/web-client.ts';
import { finnhubClient, type FinnhubTerms } from './finnhub-client.ts';

/** A report of a company's earnings, past or to come. */
export interface EarningsReport {
  readonly instrument: string;
  /** In New York, such as `2024-07-30`. */
  readonly day: string;
  /** When in that day, where it is known. */
  readonly hour: 'before_open' | 'during_session' | 'after_close' | 'unknown';
}

const HOURS: Readonly<Record<string, EarningsReport['hour']>> = {
  bmo: 'before_open',
  dmh: 'during_session',
  amc: 'after_close',
};
/** Finnhub cuts a longer list without a word. */
const REPORTS_MAX = 1_500;

const Answer = z.object({
  earningsCalendar: z.array(z.object({ date: z.iso.date(), symbol: z.string(), hour: z.string().nullish() })),
});

/**
 * Reports of earnings from one day to another, both inclusive, such as `2024-07-01`; of one instrument or of all.
 * @throws SourceError; `source_refused` also where the list is so long that it may have been cut.
 */
export async function finnhubEarnings(
  terms: FinnhubTerms,
  range: { readonly fromDay: string; readonly toDay: string; readonly instrument?: string },
): Promise<{ readonly reports: readonly EarningsReport[]; readonly provenance: readonly Provenance[] }> {
  const { fromDay: from, toDay: to, instrument } = range;
  const client = finnhubClient(terms);
  const { result, answers } = await client.record(() =>
    client.ask('/calendar/earnings', { from, to, ...(instrument !== undefined && { symbol: instrument }) }),
  );
  const found = readAs(Answer, result, 'finnhub').earningsCalendar;
  if (found.length >= REPORTS_MAX)
    throw new SourceError(
      'source_refused',
      `finnhub has too many reports from ${from} to ${to} for one list`,
    );
  const reports = found.map(({ date, symbol, hour }) => ({
    instrument: symbol,
    day: date,
    hour: HOURS[hour ?? ''] ?? 'unknown',
  }));
  return { reports, provenance: answers };
}
