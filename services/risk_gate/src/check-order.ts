import { randomUUID } from 'node:crypto';
import type { Db, Trx } from '@aistock/database';
import { isSessionOpen } from '@aistock/market';
import type { Limits, OrderTerms, Output, riskGateApi } from '@aistock/shared';
import { reviewOrder, termsSha256 } from '@aistock/trading/risk';
import { sql } from 'kysely';
import { readBooks, readInstruments } from './account-books.ts';
import { readLimits } from './limits-store.ts';
import type { PermitKey } from './permit-key.ts';
import type { PriceSource, StreamPrice } from './price-source.ts';
import { readRules } from './rules-in-force.ts';
import { storeDenial, storePermit, type CheckRequest } from './verdict-store.ts';

type Verdict = Output<typeof riskGateApi.check>;
type PricesByStream = ReadonlyMap<string, StreamPrice>;
const NO_PRICES: PricesByStream = new Map();

export interface Gate {
  readonly db: Db;
  readonly prices: PriceSource;
  readonly key: PermitKey;
  readonly permitTtlMs: number;
}

/**
 * Judges an order. Prices are asked for first, so that nothing is locked while a neighbour is slow; the rest is read
 * and the verdict written under the lock of the account, so that no two checks pass on the same room.
 */
export async function checkOrder(gate: Gate, request: CheckRequest): Promise<Verdict> {
  const { account } = request.terms;
  await gate.key.register(gate.db);
  const prices = await fetchPrices(gate, request);
  return gate.db.transaction().execute(async (trx) => {
    await sql`SELECT trading.lock_account(${account})`.execute(trx);
    return judge(trx, gate, request, prices);
  });
}

async function fetchPrices({ db, prices }: Gate, { terms, as_of_ms }: CheckRequest): Promise<PricesByStream> {
  const [inForce, held] = await Promise.all([
    readLimits(db, terms.account),
    readInstruments(db, terms.account),
  ]);
  if (!inForce) return new Map();
  const { limits } = inForce;
  const instruments = held.add(terms.instrument);
  const streams = new Set([...instruments].flatMap((instrument) => priceStream(limits, instrument) ?? []));
  return prices.latest(streams, limits.clock === 'replay' ? as_of_ms : undefined);
}

async function judge(
  trx: Trx,
  gate: Gate,
  request: CheckRequest,
  pricesByStream: PricesByStream,
): Promise<Verdict> {
  const { terms } = request;
  const { nowMs, limits: inForce, killEpoch, kills } = await readRules(trx, terms.account);
  const limits = inForce?.limits;
  const clockMs = limits?.clock === 'replay' ? request.as_of_ms : nowMs;
  const prices = limits ? pricesByInstrument(limits, pricesByStream) : NO_PRICES;
  const calendar = prices.get(terms.instrument)?.calendar;
  const verdict = reviewOrder(terms, {
    ...(await readBooks(
      trx,
      terms,
      limits && { clock: limits.clock, clockMs, windowMs: limits.duplicate_window_ms },
    )),
    limits,
    clockMs,
    prices,
    inRegularHours: calendar && isSessionOpen(calendar, clockMs),
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

function pricesByInstrument(limits: Limits, byStream: PricesByStream): Map<string, StreamPrice> {
  const prices = new Map<string, StreamPrice>();
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
