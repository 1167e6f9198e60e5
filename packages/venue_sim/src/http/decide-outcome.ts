import type { VenueClock } from '../clock.ts';
import type { Dialect, Refusal, VenueAnswer, VenueRequest, VenueView } from '../dialects/dialect.ts';
import type { SimMarket } from '../markets/sim-market.ts';
import type { Kind, RequestKind } from '../misbehaviour/misbehaviour.ts';
import type { RuleBook } from '../misbehaviour/rule-book.ts';
import type { BarPages } from '../world/bar-pages.ts';
import type { Budgets } from './budgets.ts';

/** What becomes of one request. */
export type Outcome =
  | { readonly act: 'silence'; readonly kind: Kind }
  | { readonly act: 'reset'; readonly kind: Kind }
  | {
      readonly act: 'answer';
      readonly answer: VenueAnswer;
      /** What the Date header says. */
      readonly dateMs: number;
      /** The body ends in its middle. */
      readonly truncated: boolean;
      readonly kind: Kind | undefined;
    };

export interface SimState {
  readonly markets: readonly SimMarket[];
  readonly clock: VenueClock;
  readonly rules: RuleBook;
  readonly pages: BarPages;
  readonly budgets: Budgets;
}

const FAILURES: readonly Exclude<RequestKind, 'clock_skew'>[] = [
  'rate_limit',
  'ban',
  'server_error',
  'timeout',
  'truncated_json',
  'reset',
];

/** A ban that holds comes first, then what the venue was told to do wrong, then its honest limit. */
export function decideOutcome(dialect: Dialect, request: VenueRequest, state: SimState): Outcome {
  const { clock, rules, budgets } = state;
  const { venue } = dialect;
  const nowMs = clock.nowMs();
  const realMs = clock.realMs();
  const toldMs = nowMs + (rules.judge(['clock_skew'], venue)?.skewMs ?? 0);
  const usage = budgets.spend(venue, dialect.weight(request.path), realMs);

  const answered = (answer: VenueAnswer, kind: Kind | undefined, truncated = false): Outcome => {
    const headers = { ...answer.headers, ...dialect.usageHeaders(usage, toldMs) };
    return { act: 'answer', answer: { ...answer, headers }, dateMs: toldMs, truncated, kind };
  };
  const refused = (refusal: Refusal, kind: Kind | undefined): Outcome => {
    const answer = dialect.refuse(refusal, toldMs);
    const headers: Record<string, string> =
      refusal.reason === 'server_error' ? {} : { 'retry-after': String(refusal.retryAfterS) };
    return answered({ ...answer, headers }, kind);
  };

  const bannedForS = budgets.bannedForS(venue, realMs);
  if (bannedForS > 0) return refused({ reason: 'ban', retryAfterS: bannedForS }, 'ban');
  const fault = rules.judge(FAILURES, venue);
  switch (fault?.kind) {
    case 'timeout':
      return { act: 'silence', kind: fault.kind };
    case 'reset':
      return { act: 'reset', kind: fault.kind };
    case 'ban':
      budgets.ban(venue, realMs + fault.retryAfterS * 1000);
      return refused({ reason: 'ban', retryAfterS: fault.retryAfterS }, fault.kind);
    case 'rate_limit':
      return refused({ reason: 'rate_limit', retryAfterS: fault.retryAfterS }, fault.kind);
    case 'server_error':
      return refused({ reason: 'server_error', status: fault.status }, fault.kind);
    case 'truncated_json':
    case undefined:
      break;
  }
  if (usage.used > usage.limit)
    return refused({ reason: 'rate_limit', retryAfterS: usage.resetS }, undefined);
  const markets = state.markets.filter((market) => market.venue === venue);
  const page: VenueView['page'] = (market, asked) => state.pages.page(market, asked, nowMs);
  const answer = dialect.answer(request, { markets, nowMs, toldMs, page });
  return answered(answer, fault?.kind, fault !== undefined);
}
