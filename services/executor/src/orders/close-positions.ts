import type { Db, OrderRow } from '@aistock/database';
import type { Clock, Logger } from '@aistock/service-kit';
import { CallError, type Client, type Limits, type OrderIntent, type riskGateApi } from '@aistock/shared';
import { quantityOnLot } from '@aistock/trading/core';
import { decisionId } from '@aistock/trading/orders';
import { sameAmount } from '@aistock/trading/portfolio';
import { readClock } from '../paper/paper-clock.ts';
import type { OrderPlacer } from './place-order.ts';
import { readOrder } from './order-row.ts';
import { submitIntent } from './submit-intent.ts';

export interface CloseParts {
  readonly db: Db;
  readonly placer: OrderPlacer;
  /** Asked for the lots that orders have to be in. */
  readonly gate: Pick<Client<typeof riskGateApi>, 'limits'>;
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Held {
  readonly instrument: string;
  /** Below zero short. */
  readonly quantity: string;
}

/**
 * Sends a reduce-only market order for the whole lots of each position of an account; answers the ids of those orders.
 * @param problems is told what stays open, one sentence each.
 */
export async function closePositions(
  parts: CloseParts,
  account: string,
  problems: string[],
): Promise<string[]> {
  const held = await openPositions(parts.db, account);
  const limits = held.length === 0 ? undefined : await limitsOf(parts, account);
  const orders: string[] = [];
  for (const position of held) {
    const orderId = await closePosition(parts, { account, position, limits, problems });
    if (orderId !== undefined) orders.push(orderId);
  }
  return orders;
}

interface Closing {
  readonly account: string;
  readonly position: Held;
  readonly limits: Limits | undefined;
  readonly problems: string[];
}

async function closePosition(parts: CloseParts, closing: Closing): Promise<string | undefined> {
  const { db, clock } = parts;
  const { account, position, limits, problems } = closing;
  const { instrument } = position;
  const size = position.quantity.replace('-', '');
  const quantity = onLot(size, limits, instrument);
  if (quantity === null || !sameAmount(quantity, size))
    problems.push(`${size} ${instrument} is no whole number of lots, and what is less than a lot stays`);
  if (quantity === null) return undefined;
  const last = await lastOrder(db, account, instrument);
  if (!last) {
    problems.push(`no order of ${account} ever filled in ${instrument}`);
    return undefined;
  }
  const side = position.quantity.startsWith('-') ? 'buy' : 'sell';
  const orderId = await submitIntent(parts, await intentOf(db, last, { side, quantity }, clock.nowMs()));
  const order = await readOrder(db, orderId);
  if (order && !LEFT.has(order.status)) problems.push(`${instrument} stays open: ${whyNot(order)}`);
  return orderId;
}

/** How an order looks that the venue has, or had. */
const LEFT: ReadonlySet<OrderRow['status']> = new Set(['WORKING', 'PARTIALLY_FILLED', 'FILLED']);

function whyNot({ order_id: orderId, status, reason, denials }: OrderRow): string {
  const why = denials.map(({ code }) => code).join(', ') || reason;
  return `order ${orderId} is ${status}${why ? `, ${why}` : ''}`;
}

/** Where the gate tells no lot the gate's own verdict on the order says so. */
function onLot(quantity: string, limits: Limits | undefined, instrument: string): string | null {
  const own = limits && Object.hasOwn(limits.instruments, instrument) && limits.instruments[instrument];
  if (!own) return quantity;
  const { lot_size: lotSize, tick_size: tickSize, notional_min: notionalMin } = own;
  return quantityOnLot(quantity, { fromMs: 0, lotSize, tickSize, notionalMin });
}

async function limitsOf({ gate, logger }: CloseParts, account: string): Promise<Limits | undefined> {
  try {
    const { accounts } = await gate.limits();
    return accounts.find(({ limits }) => limits.account === account)?.limits;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    logger.warn('risk_gate does not tell the limits', { account, error });
    return undefined;
  }
}

async function openPositions(db: Db, account: string): Promise<Held[]> {
  return db
    .selectFrom('trading.position')
    .select(['instrument', 'quantity'])
    .where('account', '=', account)
    .where('quantity', '<>', '0')
    .orderBy('instrument')
    .execute();
}

/** The newest order of the account that filled in an instrument: whose position it is, and whose bars fill it. */
async function lastOrder(db: Db, account: string, instrument: string): Promise<OrderRow | undefined> {
  return db
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', account)
    .where('instrument', '=', instrument)
    .where('filled_quantity', '>', '0')
    .orderBy('as_of', 'desc')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** An intent to close a position, decided now by the clock of the account; each call is a decision of its own. */
async function intentOf(
  db: Db,
  { account, slot, strategy, instrument, stream, config_id }: OrderRow,
  { side, quantity }: Pick<OrderIntent, 'side' | 'quantity'>,
  nowMs: number,
): Promise<OrderIntent> {
  const atMs = (await readClock(db, account, stream))?.clockMs ?? nowMs;
  const leg = `flatten_${nowMs}`;
  return {
    decision_id: decisionId({ account, slot, strategy, instrument, stream, barOpenMs: atMs, leg }),
    account,
    strategy,
    slot,
    instrument,
    stream,
    leg,
    config_id,
    side,
    order_type: 'market',
    quantity,
    limit_price: null,
    stop_price: null,
    trail_bps: null,
    time_in_force: 'gtc',
    extended_hours: false,
    reduce_only: true,
    protection: null,
    bar_open_ms: atMs,
    as_of_ms: atMs,
  };
}
