import { randomUUID } from 'node:crypto';
import type { Db, Trx } from '@aistock/database';
import { isSessionOpen, type Calendar } from '@aistock/market';
import type { Limits, OrderTerms, Output, riskGateApi } from '@aistock/shared';
import { reviewOrder, termsSha256, type ReferencePrice } from '@aistock/trading/risk';
import { sql } from 'kysely';
import { readBooks, readInstruments } from './account-books.ts';
import { readLimits } from './limits-store.ts';
import type { PermitKey } from './permit-key.ts';
import type { PriceSource } from './price-source.ts';
import { readRules } from './rules-in-force.ts';
import { storeDenial, storePermit, type CheckRequest } from './verdict-store.ts';

type Verdict = Output<typeof riskGateApi.check>;

/** What data_ingester knows. */
interface Market {
  readonly prices: ReadonlyMap<string, ReferencePrice>;
  /** Of the order's instrument. */
  readonly calendar: Calendar | undefined;
}

export interface Gate {
  readonly db: Db;
  readonly prices: PriceSource;
  readonly key: PermitKey;
  readonly permitTtlMs: number;
}

/**
 * Judges an order. Prices and hours are asked for first, so that nothing is locked while a neighbour is slow; the rest is read
 * and the verdict written under the lock of the account, so that no two checks pass on the same room.
 */
export async function checkOrder(gate: Gate, request: CheckRequest): Promise<Verdict> {
  const { account } = request.terms;
  await gate.key.register(gate.db);
  const market = await readMarket(gate, request);
  return gate.db.transaction().execute(async (trx) => {
    await sql`SELECT trading.lock_account(${account})`.execute(trx);
    return judge(trx, gate, request, market);
  });
}

async function readMarket({ db, prices }: Gate, { terms, as_of_ms }: CheckRequest): Promise<Market> {
  const [inForce, held] = await Promise.all([
    readLimits(db, terms.account),
    readInstruments(db, terms.account),
  ]);
  if (!inForce) return { prices: new Map(), calendar: undefined };
  const { limits } = inForce;
  const instruments = held.add(terms.instrument);
  const streams = new Set([...instruments].flatMap((instrument) => priceStream(limits, instrument) ?? []));
  const own = priceStream(limits, terms.instrument);
  const [latest, calendar] = await Promise.all([
    prices.latest(streams, limits.clock === 'replay' ? as_of_ms : undefined),
    own === undefined ? undefined : prices.calendar(own),
  ]);
  return { prices: latest, calendar };
}

async function judge(trx: Trx, gate: Gate, request: CheckRequest, market: Market): Promise<Verdict> {
  const { terms } = request;
  const { nowMs, limits: inForce, killEpoch, kills } = await readRules(trx, terms.account);
  const limits = inForce?.limits;
  const clockMs = limits?.clock === 'replay' ? request.as_of_ms : nowMs;
  const verdict = reviewOrder(terms, {
    ...(await readBooks(
      trx,
      terms,
      limits && { clock: limits.clock, clockMs, windowMs: limits.duplicate_window_ms },
    )),
    limits,
    clockMs,
    prices: limits ? pricesByInstrument(limits, market.prices) : new Map(),
    inRegularHours: market.calendar && isSessionOpen(market.calendar, clockMs),
    kills,
  });
  if (verdict.verdict === 'denied') {
    await storeDenial(trx, request, verdict.denials);
    return verdict;
  }
  const permit = gate.key.sign({
    permit_id: randomUUID(),
    terms_sha256: termsSha256(terms),
    limits_version: versionOf(inForce),
    kill_epoch: killEpoch,
    issued_ms: nowMs,
    expires_ms: nowMs + gate.permitTtlMs,
  });
  await storePermit(trx, request, permit, verdict.referencePrice);
  return { verdict: 'approved', permit };
}

function versionOf(inForce: { readonly version: number } | undefined): number {
  if (!inForce) throw new TypeError('an order without limits cannot pass');
  return inForce.version;
}

function pricesByInstrument(limits: Limits, byStream: Market['prices']): Map<string, ReferencePrice> {
  const prices = new Map<string, ReferencePrice>();
  for (const [instrument, { price_stream: stream }] of Object.entries(limits.instruments)) {
    const price = byStream.get(stream);
    if (price) prices.set(instrument, price);
  }
  return prices;
}

function priceStream(limits: Limits, instrument: OrderTerms['instrument']): string | undefined {
  return Object.hasOwn(limits.instruments, instrument)
    ? limits.instruments[instrument]?.price_stream
    : undefined;
}
