import type { InstrumentRules, Limits, SessionRequest } from '@aistock/shared';
import { DEFAULT_ORDERS, instrumentRules, orderPolicy, type CoreSetup } from '@aistock/trading/core';
import { selectionPolicy } from '@aistock/trading/selection';
import { DEFAULT_SIZING, sizingLookbackBars, sizingPolicy } from '@aistock/trading/sizing';
import { knownStrategy } from '../check-request.ts';
import { LOOKBACK_BARS, type MarketStream } from '../market-stream.ts';

/** What was asked for and what was found when the session began: everything that its decisions rest on besides its events. */
export interface SessionTerms {
  /** Without times, for the same request goes on with the same session. */
  readonly asked: Omit<SessionRequest, 'from_ms' | 'to_ms'>;
  readonly currency: string;
  readonly venue: string;
  readonly startCash: string;
  /** The limits of the account when the session began; those of later are told to the core as they change. */
  readonly limits: Limits;
  /** Every stream of a slot, by id. */
  readonly streams: readonly (MarketStream & { readonly rules: readonly InstrumentRules[] })[];
}

const PAPER_VENUE = 'paper';

/** Whether a session's orders are filled by bars, with nothing at stake; time at its venue passes when somebody moves it. */
export function isPaper({ venue }: SessionTerms): boolean {
  return venue === PAPER_VENUE;
}

export function askedTerms({
  from_ms: _fromMs,
  to_ms: _toMs,
  ...asked
}: SessionRequest): SessionTerms['asked'] {
  return asked;
}

/** Ids of the streams that a request names, each once, in the order in which events of one time are told. */
export function streamsOf({ slots }: Pick<SessionRequest, 'slots'>): string[] {
  return [...new Set(slots.flatMap(({ streams }) => streams))].toSorted();
}

/** What the core is made with. @throws ServiceError `strategy_unknown`. */
export function coreSetup({ asked, currency, startCash, streams, limits }: SessionTerms): CoreSetup {
  return {
    account: asked.account,
    currency,
    startCash,
    streams: streams.map((stream) => ({ ...stream, rules: instrumentRules(stream.rules) })),
    slots: asked.slots.map((slot) => ({
      id: slot.id,
      strategy: knownStrategy(slot.strategy),
      streams: slot.streams,
      modelUse: slot.model_use,
    })),
    sizing: asked.sizing ? sizingPolicy(asked.sizing) : DEFAULT_SIZING,
    selection: asked.selection && selectionPolicy(asked.selection),
    orders: asked.orders ? orderPolicy(asked.orders) : DEFAULT_ORDERS,
    limits,
  };
}

/** Bars that the session looks back on: as many warm it up, and as many are kept. */
export function lookbackBars({ sizing }: Pick<CoreSetup, 'sizing'>): number {
  return Math.max(LOOKBACK_BARS, sizingLookbackBars(sizing));
}
