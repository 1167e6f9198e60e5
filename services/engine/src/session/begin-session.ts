import { ServiceError } from '@aistock/service-kit';
import type { Bar } from '@aistock/market';
import {
  CallError,
  type InstrumentRules,
  type Limits,
  type Output,
  type SessionRequest,
  type executorApi,
} from '@aistock/shared';
import { sum } from '@aistock/trading/portfolio';
import { knownStrategy } from '../check-request.ts';
import { knownStreams, warmUpBars, type MarketStream } from '../market-stream.ts';
import type { Neighbours } from '../neighbours.ts';
import { lockAccount } from './claim.ts';
import { firstSnapshot } from './session-core.ts';
import type { SessionDeps } from './session-deps.ts';
import {
  findOpen,
  findSession,
  insertSession,
  refuseAfterFailure,
  refuseBesideLive,
  termsSha256,
  type StoredSession,
} from './session-store.ts';
import { askedTerms, coreSetup, lookbackBars, streamsOf, type SessionTerms } from './session-terms.ts';

const ASKED_AT_ONCE = 8;

/** The session that a request goes on with; a new one where there is none. @throws ServiceError for what cannot be traded. */
export async function sessionOf(deps: SessionDeps, request: SessionRequest): Promise<StoredSession> {
  const asked = askedTerms(request);
  const where = { account: asked.account, sha256: termsSha256(asked) };
  await refuseAfterFailure(deps.db, asked.account);
  const known = await findOpen(deps.db, where);
  if (known) return known;
  await refuseBesideLive(deps.db, asked.account);
  checkSlots(request);
  const terms = await gatherTerms(deps.neighbours, asked);
  const bars = await warmUp(deps, terms, request);
  const sessionId = await deps.db.transaction().execute(async (trx) => {
    await lockAccount(trx, asked.account);
    const meanwhile = await findOpen(trx, where);
    if (meanwhile) return meanwhile.session_id;
    await refuseBesideLive(trx, asked.account);
    return insertSession(trx, terms, { ...firstSnapshot(bars) });
  });
  return findSession(deps.db, sessionId);
}

/** @throws ServiceError `strategy_unknown`, or `slot_invalid` for a slot with too few or too many streams. */
function checkSlots({ slots }: SessionRequest): void {
  for (const [index, { strategy: name, streams }] of slots.entries()) {
    const { legs } = knownStrategy(name);
    if (legs === streams.length) continue;
    const message = `must be ${legs} for ${name}, but are ${streams.length}`;
    throw new ServiceError('slot_invalid', 422, `the streams of slot ${index + 1} ${message}`, {
      fields: [{ field: `slots.${index}.streams`, message }],
    });
  }
}

async function gatherTerms(neighbours: Neighbours, asked: SessionTerms['asked']): Promise<SessionTerms> {
  const streams = await knownStreams(neighbours, streamsOf(asked));
  const account = await usableAccount(neighbours, asked.account);
  const limits = await limitsOf(neighbours, asked.account, streams);
  await refuseHeld(neighbours, asked.account, streams);
  return {
    asked,
    currency: account.currency,
    venue: account.venue,
    startCash: sum(account.cash),
    limits,
    streams: streams.map((stream) => ({ ...stream, rules: rulesOf(limits, stream.instrument) })),
  };
}

/** @throws ServiceError `account_unknown`, `not_reconciled` or `equity_unknown`. */
export async function usableAccount(
  { executor }: Neighbours,
  account: string,
): Promise<Output<typeof executorApi.account>> {
  try {
    const found = await executor.account({ query: { account } });
    if (!found.reconciled)
      throw new ServiceError(
        'not_reconciled',
        409,
        `account ${account} does not agree with its venue; POST /reconcile at the executor says why`,
      );
    if (found.equity === null)
      throw new ServiceError('equity_unknown', 409, `a position of account ${account} has no mark yet`);
    return found;
  } catch (error) {
    if (!(error instanceof CallError && error.status === 404)) throw error;
    throw new ServiceError('account_unknown', 404, `there is no account ${account}; open it first`, {
      cause: error,
      fields: [{ field: 'account', message: 'must be an open account' }],
    });
  }
}

/** @throws ServiceError `limits_not_set` where an instrument has none. */
async function limitsOf(
  { gate }: Neighbours,
  account: string,
  streams: readonly MarketStream[],
): Promise<Limits> {
  const { accounts } = await gate.limits();
  const limits = accounts.find((entry) => entry.limits.account === account)?.limits;
  const missing = streams.find(({ instrument }) => !limits || !Object.hasOwn(limits.instruments, instrument));
  if (limits && !missing) return limits;
  throw new ServiceError(
    'limits_not_set',
    409,
    `no limits are set for ${missing?.instrument} in account ${account}; what is not allowed cannot be traded`,
  );
}

/** Lot, tick and minimum as the limits have them, for they are what risk_gate holds orders to. */
function rulesOf({ instruments }: Limits, instrument: string): InstrumentRules[] {
  const found = instruments[instrument];
  if (!found) return [];
  const { lot_size, tick_size, notional_min } = found;
  return [{ from_ms: 0, lot_size, tick_size, notional_min }];
}

/** A session begins flat in what it trades. @throws ServiceError `position_unexplained`. */
async function refuseHeld(
  { executor }: Neighbours,
  account: string,
  streams: readonly MarketStream[],
): Promise<void> {
  const { positions } = await executor.positions({ query: { account } });
  const held = positions.find(
    ({ instrument, quantity }) =>
      Number(quantity) !== 0 && streams.some((stream) => stream.instrument === instrument),
  );
  if (!held) return;
  throw new ServiceError(
    'position_unexplained',
    409,
    `account ${account} holds ${held.quantity} ${held.instrument}, which no decision of this session explains; ` +
      'close the position before a session',
  );
}

type WarmUp = readonly [stream: string, bars: Bar[]];

/**
 * The bars before the first that is traded. What the account's clock has passed is not traded again: such bars warm up, as
 * those that open before the replay's first.
 */
async function warmUp(deps: SessionDeps, terms: SessionTerms, request: SessionRequest) {
  const limit = lookbackBars(coreSetup(terms));
  const { from_ms: beforeMs, to_ms: asOfMs = deps.clock.nowMs() } = request;
  const clockMs = request.mode === 'replay' ? await furthestClock(deps.neighbours, terms) : null;
  const bounds =
    clockMs !== null && clockMs > (beforeMs ?? 0)
      ? { asOfMs: clockMs, limit }
      : { asOfMs, limit, ...(beforeMs === undefined ? {} : { beforeMs }) };
  const bars: WarmUp[] = [];
  for (let from = 0; from < terms.streams.length; from += ASKED_AT_ONCE) {
    const some = terms.streams.slice(from, from + ASKED_AT_ONCE);
    const asked = some.map(async (stream): Promise<WarmUp> => [
      stream.id,
      await warmUpBars(deps.neighbours, stream, bounds),
    ]);
    bars.push(...(await Promise.all(asked)));
  }
  return Object.fromEntries(bars);
}

/** How far the session's streams were replayed in the account already; null where none was. */
async function furthestClock(
  { executor }: Neighbours,
  { asked, streams }: SessionTerms,
): Promise<number | null> {
  let furthest: number | null = null;
  for (const { id } of streams) {
    const { clock_ms: clockMs } = await executor.account({ query: { account: asked.account, stream: id } });
    if (clockMs !== null) furthest = Math.max(furthest ?? 0, clockMs);
  }
  return furthest;
}
