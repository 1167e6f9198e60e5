import {
  blackoutDays,
  exclusionsOf,
  type Candidate,
  type EarningsBlackout,
  type UniverseFilters,
} from '@aistock/market';
import { ServiceError, type Clock } from '@aistock/service-kit';
import type { UniverseCandidate, UniverseInputs } from '@aistock/shared';
import type { ConfiguredStream } from '../stream-spec.ts';
import type { EarningsCalendar, Earnings } from './earnings-calendar.ts';
import { gatherCandidate, type HeldBars } from './gather-candidate.ts';
import { storeRefresh } from './universe-store.ts';
import type { UniverseTerms } from './universe-terms.ts';

/** A universe that the configuration describes, with the streams that may be members. */
export interface ConfiguredUniverse {
  readonly name: string;
  readonly terms: UniverseTerms;
  readonly candidates: readonly ConfiguredStream[];
}

export interface UniverseWorld extends HeldBars {
  readonly clock: Clock;
  readonly earnings: EarningsCalendar;
}

/** Who asks for a refresh, and as of when; now unless told. */
export interface RefreshOrder {
  readonly by: string;
  readonly reason: string;
  readonly asOfMs: number | undefined;
}

/**
 * Chooses the members of a universe by what is held as of a time, and stores them with everything that they were chosen
 * by.
 * @throws ServiceError where that cannot be told: a refresh that did not ask what it was told to ask is none.
 */
export async function refreshUniverse(
  world: UniverseWorld,
  universe: ConfiguredUniverse,
  order: RefreshOrder,
) {
  const { name, terms, candidates } = universe;
  const nowMs = world.clock.nowMs();
  const asOfMs = order.asOfMs ?? nowMs;
  assertAsOf(asOfMs, nowMs, terms);
  const earnings = await earningsAsOf(world, asOfMs, terms);
  const found: UniverseCandidate[] = [];
  for (const stream of candidates) {
    const gathered =
      terms.filters &&
      (await gatherCandidate(world, stream, { asOfMs, nowMs, windowDays: terms.window_days }));
    found.push(toWireCandidate(stream, gathered, terms, earnings));
  }
  const inputs: UniverseInputs = {
    source: terms.source,
    window_days: terms.window_days,
    filters: terms.filters ?? null,
    earnings_sha256: [...earnings.sha256],
    candidates: found,
  };
  return storeRefresh(world.db, {
    universe: name,
    asOfMs,
    refreshedMs: nowMs,
    inputs,
    by: order.by,
    reason: order.reason,
  });
}

function assertAsOf(asOfMs: number, nowMs: number, { filters }: UniverseTerms): void {
  if (asOfMs > nowMs) throw wrongTime(`must not be after now, ${nowMs}`);
  const blackout = blackoutOf(filters);
  const daysAt = (ms: number): string => (blackout ? blackoutDays(ms, blackout).join() : '');
  if (daysAt(asOfMs) !== daysAt(nowMs))
    throw wrongTime('must be today: which reports were expected on an earlier day is not known');
}

function wrongTime(message: string): ServiceError {
  return new ServiceError('invalid_request', 400, `as_of_ms ${message}`, {
    fields: [{ field: 'body.as_of_ms', message }],
  });
}

function blackoutOf(filters: UniverseTerms['filters']): EarningsBlackout | undefined {
  const blackout = filters?.earnings_blackout;
  return blackout && { daysBefore: blackout.days_before, daysAfter: blackout.days_after };
}

const NO_EARNINGS: Earnings = { daysOf: new Map(), sha256: [] };

async function earningsAsOf(
  { earnings }: UniverseWorld,
  asOfMs: number,
  { filters }: UniverseTerms,
): Promise<Earnings> {
  const blackout = blackoutOf(filters);
  return blackout ? earnings(blackoutDays(asOfMs, blackout)) : NO_EARNINGS;
}

/** A member of a plain list is not looked at. */
function toWireCandidate(
  { stream, instrument }: ConfiguredStream,
  gathered: Omit<Candidate, 'earningsDays'> | undefined,
  { filters = {} }: UniverseTerms,
  { daysOf }: Earnings,
): UniverseCandidate {
  const earningsDays = daysOf.get(instrument) ?? [];
  const excluded = gathered ? exclusionsOf({ ...gathered, earningsDays }, toFilters(filters)) : [];
  const { blocked = false, bars = 0, expectedBars = 0, measures } = gathered ?? {};
  return {
    stream,
    instrument,
    blocked,
    bars,
    expected_bars: expectedBars,
    measures: measures
      ? {
          price: measures.price,
          dollar_volume: finite(measures.dollarVolume),
          age_days: finite(measures.ageDays),
          spread_bps: finite(measures.spreadBps),
          volatility: finite(measures.volatility),
        }
      : null,
    earnings_days: [...earningsDays],
    excluded,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function toFilters(filters: NonNullable<UniverseTerms['filters']>): UniverseFilters {
  return {
    minDollarVolume: filters.min_dollar_volume,
    minPrice: filters.min_price,
    maxPrice: filters.max_price,
    minAgeDays: filters.min_age_days,
    maxSpreadBps: filters.max_spread_bps,
    minVolatility: filters.min_volatility,
    maxVolatility: filters.max_volatility,
  };
}
