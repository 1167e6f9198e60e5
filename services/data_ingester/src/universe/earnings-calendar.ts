import { finnhubEarnings, SourceError, type WebTerms } from '@aistock/venues';
import { ServiceError } from '@aistock/service-kit';

/** Who reports earnings on some days. */
export interface Earnings {
  /** The days of each instrument that reports on any of them. */
  readonly daysOf: ReadonlyMap<string, readonly string[]>;
  /** Of the answers that this was read from. */
  readonly sha256: readonly string[];
}

/** @throws ServiceError where it cannot be told: nobody is taken for one who does not report. */
export type EarningsCalendar = (days: readonly string[]) => Promise<Earnings>;

/** Asks Finnhub day by day: it cuts long lists. Without a key every question is refused. */
export function earningsCalendar(terms: WebTerms, apiKey: string | undefined): EarningsCalendar {
  return async (days) => {
    if (apiKey === undefined) throw unavailable('FINNHUB_API_KEY is not set');
    const daysOf = new Map<string, string[]>();
    const sha256: string[] = [];
    for (const day of days) {
      const { reports, provenance } = await asked(
        finnhubEarnings({ ...terms, apiKey }, { fromDay: day, toDay: day }),
      );
      sha256.push(...provenance.map((answer) => answer.sha256));
      for (const { instrument } of reports) daysOf.set(instrument, [...(daysOf.get(instrument) ?? []), day]);
    }
    return { daysOf, sha256 };
  };
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SourceError) throw unavailable(error.message, error);
    throw error;
  }
}

function unavailable(why: string, cause?: unknown): ServiceError {
  return new ServiceError(
    'earnings_unavailable',
    503,
    `the universe keeps out who reports earnings, and nobody can tell who does: ${why}`,
    { cause },
  );
}
