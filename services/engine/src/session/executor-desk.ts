import { ServiceError } from '@aistock/service-kit';
import { CallError, type Order } from '@aistock/shared';
import { isFinal } from '@aistock/trading/orders';
import { intentOf, type TrackedOrder } from './order-tracker.ts';
import type { SessionRun, StreamBar } from './session-run.ts';

/** The venue whose time passes when somebody moves it. */
const PAPER_VENUE = 'paper';
const MARKS_AT_ONCE = 8;

/** Tells the core what the executor's orders say that it does not know yet. */
export function tellNews(run: SessionRun, orders: readonly Order[]): void {
  const { state, counts } = run;
  for (const event of state.tracker.news(orders)) {
    state.tell(event);
    if (event.type === 'order' && event.status === 'FILLED') counts.filled++;
  }
}

/**
 * Finds out what the bars that closed did to the orders: on paper by moving the clock of the streams that orders wait on,
 * at a broker by asking for each open order. Nothing waits, nothing is asked.
 * @throws ServiceError `order_unexpected` where an order moved the session's positions that is not one of its own.
 */
export async function passBars(run: SessionRun, atMs: number, bars: readonly StreamBar[]): Promise<Order[]> {
  const { state, terms, deps } = run;
  if (!state.tracker.isWaiting) return [];
  const changed: Order[] = [];
  if (terms.venue === PAPER_VENUE) {
    const awaited = new Set(state.tracker.open.map(({ request }) => request.stream));
    for (const stream of streamsOf(bars))
      if (awaited.has(stream)) changed.push(...(await advance(run, stream, atMs)));
    deps.fault('after_advance');
  }
  return [...changed, ...(await askUnsettled(run, changed))];
}

/** Orders of which it is not known what became of them, and at a broker every open one. */
async function askUnsettled(run: SessionRun, known: readonly Order[]): Promise<Order[]> {
  const { state, terms, deps } = run;
  const { tracker } = state;
  const asked = (terms.venue === PAPER_VENUE ? tracker.unsettled : tracker.open).filter(
    ({ orderId }) => orderId !== null && !known.some(({ order_id: id }) => id === orderId),
  );
  const orders: Order[] = [];
  for (const { orderId } of asked)
    if (orderId !== null) orders.push(await deps.neighbours.executor.order({ params: { id: orderId } }));
  return orders;
}

async function advance(run: SessionRun, stream: string, toMs: number): Promise<Order[]> {
  const { deps, terms, state, clocks } = run;
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
  if (terms.venue !== PAPER_VENUE) return;
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

/** Sends an order; the same decision is the same order, however often it is sent. */
export async function submit(run: SessionRun, { request }: TrackedOrder): Promise<void> {
  const { deps, terms, counts } = run;
  deps.fault('before_submit');
  const order = await deps.neighbours.executor.submit({ body: intentOf(terms.asked.account, request) });
  deps.fault('after_submit');
  deps.metrics.ordered(order.status);
  if (order.status === 'DENIED') counts.denied++;
  tellNews(run, [order]);
}

/** Takes an order back, and the exits behind it. One of which the executor itself does not know the outcome stays until it does. */
export async function takeBack(run: SessionRun, tracked: TrackedOrder): Promise<void> {
  const { request, orderId, own } = tracked;
  const hasExits = request.protection !== null;
  if (orderId === null || (own.status !== null && isFinal(own.status) && !hasExits)) return;
  const { executor } = run.deps.neighbours;
  try {
    const order = await executor.cancel({ params: { id: orderId } });
    const exits = hasExits ? (await executor.orders({ query: { parent: orderId } })).orders : [];
    tellNews(run, [order, ...exits]);
  } catch (error) {
    if (!(error instanceof CallError && error.problem?.code === 'order_outcome_unknown')) throw error;
    run.deps.logger.warn('an order could not be taken back', { order_id: tracked.orderId, error });
  }
}

/** Streams that bars are of, each once, in the order of their names: the order in which a backtest matches them. */
function streamsOf(bars: readonly StreamBar[]): string[] {
  return [...new Set(bars.map(({ stream }) => stream))].toSorted();
}
