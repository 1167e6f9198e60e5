import { ServiceError } from '@aistock/service-kit';
import { CallError, type Order } from '@aistock/shared';
import type { OrderRequest } from '@aistock/trading/core';
import { isFinal } from '@aistock/trading/orders';
import { sum } from '@aistock/trading/portfolio';
import { requireTrust } from './claim.ts';
import { intentOf, type TrackedOrder } from './order-tracker.ts';
import type { ClosingBars, SessionRun, StreamBar } from './session-run.ts';
import { isPaper } from './session-terms.ts';
import { whyNotSent } from './why-not-sent.ts';
import { writeDown } from './write-down.ts';

const MARKS_AT_ONCE = 8;
/** Of the newest orders of the account, those that the session does not know the ids of are picked out. */
const ORDERS_LISTED = 1_000;

/** Tells the core what the executor's orders say that it does not know yet. */
export function tellNews(run: SessionRun, orders: readonly Order[]): void {
  const { state, counts } = run;
  for (const event of state.tracker.news(orders)) {
    state.tell(event);
    if (event.type === 'order' && event.status === 'FILLED') counts.filled++;
  }
}

/**
 * Finds out what the bars that closed did to the orders: on paper by moving the clock of the streams that orders wait on.
 * Orders whose outcome is not known are asked for, and where time passes by itself every open one: a kill switch, a person
 * or the broker may have ended it. Where nothing waits, nothing is asked.
 * @throws ServiceError `order_unexpected` where an order moved the session's positions that is not one of its own.
 */
export async function passBars(
  run: SessionRun,
  { atMs, bars }: ClosingBars,
  { live }: { readonly live: boolean },
): Promise<Order[]> {
  const { state, terms, deps } = run;
  if (!state.tracker.isWaiting) return [];
  const changed: Order[] = [];
  if (isPaper(terms)) {
    // Time at the venue never passes what is on record: a session that dies must not meet fills of closes it decides again.
    if (run.unwritten.length > 0) await writeDown(run, { atOnce: true });
    const awaited = new Set(state.tracker.open.map(({ request }) => request.stream));
    for (const stream of streamsOf(bars))
      if (awaited.has(stream)) changed.push(...(await advance(run, stream, atMs)));
    deps.fault('after_advance');
  }
  const asked = live || !isPaper(terms) ? state.tracker.open : state.tracker.unsettled;
  const record = await recordOf(run, asked);
  const newest = new Set(record.map(({ order_id: orderId }) => orderId));
  return [...changed.filter(({ order_id: orderId }) => !newest.has(orderId)), ...record];
}

/** What the executor has on record of these orders and of the exits behind them, oldest first. */
export async function recordOf(run: SessionRun, tracked: readonly TrackedOrder[]): Promise<Order[]> {
  const { executor } = run.deps.neighbours;
  const found: Order[] = [];
  for (const { orderId, request } of tracked) {
    if (orderId === null) continue;
    // The exits first: what they fill was brought in by fills of the entry that are on record by then.
    const exits = request.protection ? await exitsOf(run, orderId) : [];
    found.push(await executor.order({ params: { id: orderId } }), ...exits);
  }
  if (tracked.every(({ orderId }) => orderId !== null)) return found;
  const { account } = run.terms.asked;
  const { orders } = await executor.orders({ query: { account, limit: String(ORDERS_LISTED) } });
  const known = new Set(found.map(({ order_id: orderId }) => orderId));
  const listed = orders.filter((order) => run.state.tracker.knows(order) && !known.has(order.order_id));
  return [...found, ...listed.toReversed()];
}

async function exitsOf({ deps }: SessionRun, entryId: string): Promise<Order[]> {
  const { orders } = await deps.neighbours.executor.orders({ query: { parent: entryId } });
  return orders.toReversed();
}

async function advance(run: SessionRun, stream: string, toMs: number): Promise<Order[]> {
  const { deps, terms, state, clocks } = run;
  requireTrust(run.claim);
  const { changed } = await deps.neighbours.executor.advancePaper({
    body: { account: terms.asked.account, stream, to_ms: toMs },
  });
  clocks.set(stream, toMs);
  const instruments = new Set(terms.streams.map(({ instrument }) => instrument));
  const strange = changed.find(
    (order) => instruments.has(order.instrument) && order.fills.length > 0 && !state.tracker.knows(order),
  );
  if (strange)
    throw new ServiceError(
      'order_unexpected',
      409,
      `order ${strange.order_id} changed, but is not of this session; is somebody else trading the account?`,
    );
  return changed;
}

/**
 * Brings the paper clock of what is held or about to be ordered to the close, so that risk_gate values it at the newest
 * price. While nothing waits for bars the clock is left alone, for nothing can happen on the way.
 */
export async function syncClocks(run: SessionRun, atMs: number, streams: readonly string[]): Promise<void> {
  const { state, terms, clocks } = run;
  if (!isPaper(terms)) return;
  const held = new Set(
    state.core.books.positions
      .filter(({ position }) => position.quantity !== '0')
      .map(({ instrument }) => instrument),
  );
  const behind = terms.streams
    .filter(({ id, instrument }) => streams.includes(id) || (held.has(instrument) && isTraded(run, id)))
    .filter(({ id }) => (clocks.get(id) ?? 0) < atMs);
  for (let from = 0; from < behind.length; from += MARKS_AT_ONCE)
    await Promise.all(behind.slice(from, from + MARKS_AT_ONCE).map(({ id }) => advance(run, id, atMs)));
}

/** Whether the stream is one that orders are made on, and not only looked at. */
function isTraded({ state }: SessionRun, stream: string): boolean {
  return state.setup.slots.some(({ streams }) => streams.includes(stream));
}

/**
 * Sends an order; the same decision is the same order, however often it is sent. What must not leave any more has expired.
 * @throws CallError; ClaimLost.
 */
export async function submit(
  run: SessionRun,
  { request }: TrackedOrder,
  { live }: { readonly live: boolean },
): Promise<void> {
  const { deps, terms, counts, state } = run;
  const reason = whyNotSent(request, {
    held: heldBy(run, request),
    ageMs: live ? deps.clock.nowMs() - request.asOfMs : 0,
    ageMsMax: deps.limits.staleAfterMs,
  });
  if (reason !== undefined) {
    deps.logger.warn('an order is not sent any more', { decision_id: request.decisionId, reason });
    const { decisionId } = request;
    state.tell({ type: 'order', decisionId, protection: null, status: 'EXPIRED', reason });
    return;
  }
  deps.fault('before_submit');
  requireTrust(run.claim);
  const order = await deps.neighbours.executor.submit({ body: intentOf(terms.asked.account, request) });
  deps.fault('after_submit');
  deps.metrics.ordered(order.status);
  if (order.status === 'DENIED') counts.denied++;
  tellNews(run, [order]);
}

/** What the slot of an order holds in its instrument, decimal text. */
function heldBy({ state }: SessionRun, { slot, instrument }: OrderRequest): string {
  const own = state.core.books.positions.filter(
    (each) => each.slot === slot && each.instrument === instrument,
  );
  return sum('0', ...own.map(({ position }) => position.quantity));
}

/**
 * Takes an order back, of a bracket the exits as well. One of which the executor itself does not know the outcome stays
 * until it does.
 */
export async function takeBack(run: SessionRun, { orderId, request, own }: TrackedOrder): Promise<void> {
  const hasEnded = own.status !== null && isFinal(own.status) && request.protection === null;
  if (orderId === null || hasEnded) return;
  requireTrust(run.claim);
  try {
    const order = await run.deps.neighbours.executor.cancel({ params: { id: orderId } });
    tellNews(run, [order, ...(request.protection ? await exitsOf(run, orderId) : [])]);
  } catch (error) {
    if (!(error instanceof CallError && error.problem?.code === 'order_outcome_unknown')) throw error;
    run.deps.logger.warn('an order could not be taken back', { order_id: orderId, error });
  }
}

/** Streams that bars are of, each once, in the order of their names: the order in which a backtest matches them. */
function streamsOf(bars: readonly StreamBar[]): string[] {
  return [...new Set(bars.map(({ stream }) => stream))].toSorted();
}
