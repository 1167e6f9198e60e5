import type { Bar } from '@aistock/market';
import { SourceError } from '../bar-source.ts';
import type { BarsPage } from './bars-page.ts';

/** Bars a page at most. */
const PAGE_BARS_MAX = 10_000;
/** Requests that one reading may make; a page may hold fewer bars than it could. */
const PAGES_MAX = 50;
/** Answers in a row to another question than was asked, before the source is given up. */
const STALE_MAX = 3;

export interface TokenPages {
  /** Bars that open at this time, Unix ms UTC, and later. */
  readonly sinceMs: number;
  readonly stepMs: number;
  readonly limit: number;
  /** One page of at most so many bars; without a token the first. */
  readonly ask: (count: number, token: string | undefined) => Promise<BarsPage>;
}

/**
 * Follows page tokens. Rows may come in any order and pages may overlap; a page that was answered before, or that is of
 * long before what was asked for, is asked for again.
 * @throws SourceError `source_stuck` where that does not help, or many pages bring no bar.
 */
export async function readTokenPages(terms: TokenPages): Promise<{ bars: readonly Bar[]; more: boolean }> {
  const { limit } = terms;
  const bars: Bar[] = [];
  let token: string | undefined;
  let stale = 0;
  for (let page = 0; page < PAGES_MAX && bars.length < limit; page++) {
    const answer = await terms.ask(Math.min(PAGE_BARS_MAX, limit - bars.length), token);
    const fromMs = (bars.at(-1)?.openMs ?? terms.sinceMs - 1) + 1;
    const fresh = answer.bars.filter(({ openMs }) => openMs >= fromMs);
    if (isStale(answer, { fresh, token, fromMs: fromMs - terms.stepMs })) {
      stale += 1;
      if (stale === STALE_MAX) throw stuck(fromMs, `${STALE_MAX} answers were to another question`);
      continue;
    }
    stale = 0;
    bars.push(...fresh.toSorted((a, b) => a.openMs - b.openMs));
    token = answer.nextToken;
    if (token === undefined) break;
  }
  if (bars.length === 0 && token !== undefined)
    throw stuck(terms.sinceMs, `${PAGES_MAX} pages brought no bar`);
  return { bars: bars.slice(0, limit), more: token !== undefined || bars.length > limit };
}

function isStale(
  { bars, nextToken }: BarsPage,
  asked: { readonly fresh: readonly Bar[]; readonly token: string | undefined; readonly fromMs: number },
): boolean {
  if (asked.fresh.length > 0) return false;
  const leadsToItself = nextToken !== undefined && nextToken === asked.token;
  return leadsToItself || bars.some(({ openMs }) => openMs < asked.fromMs);
}

function stuck(fromMs: number, why: string): SourceError {
  return new SourceError(
    'source_stuck',
    `alpaca was asked for bars from ${new Date(fromMs).toISOString()} on, ${why}`,
  );
}
