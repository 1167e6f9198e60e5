import type { Bar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { CallError, type engineApi, type Order, type Parsed } from '@aistock/shared';
import { sameAmount } from '@aistock/trading/portfolio';
import { BarWindow, roundTrip, type RoundTrip } from '@aistock/trading/session';
import { DecisionLog } from '../decision-log.ts';
import { knownStrategy } from '../check-request.ts';
import { barCloseMs, findStream, warmUpBars, type MarketStream } from '../market-stream.ts';
import type { Neighbours } from '../neighbours.ts';
import { lastRoundTripOrders, ordersOf, stateAfter } from './past-orders.ts';
import { emptyTally, type PaperAccount, type SessionRun } from './session-run.ts';
import { rememberChoice, settleOutcome } from './choose-params.ts';

export type SessionRequest = Parsed<typeof engineApi.session>['body'];

/** A session where it was left, and what comes next. */
export interface Resumed {
  readonly run: SessionRun;
  /** The bar at the account's clock, where it led to no order: the process may have died before it decided. */
  readonly undecided: Bar | undefined;
  /** Bars from here on have not been traded. */
  readonly fromMs: number;
}

/** The newest orders are all that a session looks back on. */
const ORDERS_MAX = '1000';

/**
 * Finds where an account's session stands, from the executor's record alone: its clock, its position and its orders.
 * @throws ServiceError where something is unknown, or where the orders do not explain the position.
 */
export async function resumeSession(neighbours: Neighbours, request: SessionRequest): Promise<Resumed> {
  const strategy = knownStrategy(request.strategy);
  const stream = await findStream(neighbours, request.stream);
  const account = await paperAccount(neighbours, request);
  const lotSize = await lotSizeOf(neighbours, request.account, stream.instrument);
  const { orders, counts } = await neighbours.executor.orders({
    query: { account: request.account, strategy: strategy.name, limit: ORDERS_MAX },
  });
  const own = ordersOf(orders, { strategy: strategy.name, instrument: stream.instrument });
  const tripOrders = lastRoundTripOrders(own);
  const trip = roundTrip(tripOrders);
  await checkPosition(neighbours, { request, stream, trip });

  const { seen, undecided, fromMs } = await barsSoFar(neighbours, { request, stream, account, own });
  const window = new BarWindow();
  for (const bar of seen) window.push(bar);
  const run: SessionRun = {
    setup: { strategy, account: request.account, stream: stream.id, instrument: stream.instrument, lotSize },
    stream,
    window,
    log: new DecisionLog(),
    tally: { ...emptyTally(), unknown: counts.UNKNOWN ?? 0 },
    orders: new Map(tripOrders.map((order) => [order.order_id, order])),
    state: stateAfter(seen, trip, stream),
    account,
    quality: { verdict: 'unknown', reasons: ['not asked, for no bar was traded'] },
    chosen: undefined,
    lastChosen: undefined,
  };
  await rememberChoice(neighbours, run);
  await settleOutcome(neighbours, run);
  return { run, undecided, fromMs };
}

async function paperAccount({ executor }: Neighbours, request: SessionRequest): Promise<PaperAccount> {
  try {
    const account = await executor.account({
      query: { account: request.account, stream: request.stream },
    });
    if (account.reconciled) return account;
  } catch (error) {
    if (!(error instanceof CallError && error.status === 404)) throw error;
    throw new ServiceError('account_unknown', 404, `there is no account ${request.account}; open it first`, {
      cause: error,
      fields: [{ field: 'account', message: 'must be an open account' }],
    });
  }
  throw new ServiceError(
    'not_reconciled',
    409,
    `account ${request.account} does not agree with its venue; POST /reconcile at the executor says why`,
  );
}

async function lotSizeOf({ gate }: Neighbours, account: string, instrument: string): Promise<string> {
  const { accounts } = await gate.limits();
  const limits = accounts.find((entry) => entry.limits.account === account)?.limits;
  const lotSize = limits?.instruments[instrument]?.lot_size;
  if (lotSize !== undefined) return lotSize;
  throw new ServiceError(
    'limits_not_set',
    409,
    `no limits are set for ${instrument} in account ${account}; what is not allowed cannot be traded`,
  );
}

async function checkPosition(
  { executor }: Neighbours,
  { request, stream, trip }: { request: SessionRequest; stream: MarketStream; trip: RoundTrip },
): Promise<void> {
  const { positions } = await executor.positions({ query: { account: request.account } });
  const held = positions.find(({ instrument }) => instrument === stream.instrument)?.quantity ?? '0';
  if (sameAmount(held, trip.position.quantity)) return;
  throw new ServiceError(
    'position_unexplained',
    409,
    `account ${request.account} holds ${held} ${stream.instrument}, but the last orders of ${request.strategy} ` +
      `come to ${trip.position.quantity}; close the position before a session`,
  );
}

async function barsSoFar(
  neighbours: Neighbours,
  {
    request,
    stream,
    account,
    own,
  }: { request: SessionRequest; stream: MarketStream; account: PaperAccount; own: readonly Order[] },
): Promise<{ seen: readonly Bar[]; undecided: Bar | undefined; fromMs: number }> {
  const clockMs = account.clock_ms;
  if (clockMs === null) {
    const bounds = { beforeMs: request.from_ms, asOfMs: request.to_ms };
    const seen = await warmUpBars(neighbours, stream, bounds);
    return { seen, undecided: undefined, fromMs: request.from_ms };
  }
  const closed = await warmUpBars(neighbours, stream, { asOfMs: clockMs });
  const last = closed.at(-1);
  if (last === undefined) return { seen: [], undecided: undefined, fromMs: request.from_ms };
  const decided = barCloseMs(stream, last) < clockMs || own.some(({ as_of_ms }) => as_of_ms === clockMs);
  return decided
    ? { seen: closed, undecided: undefined, fromMs: last.openMs + 1 }
    : { seen: closed.slice(0, -1), undecided: last, fromMs: last.openMs + 1 };
}
