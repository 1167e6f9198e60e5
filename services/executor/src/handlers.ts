import type { Db, OrderRow } from '@aistock/database';
import { ServiceError, type Handlers, type Metrics } from '@aistock/service-kit';
import type { executorApi, Order, OrderStatus, Parsed } from '@aistock/shared';
import { viewAccount, viewPositions } from './books/account-view.ts';
import { cancelBracket, type CancelParts } from './orders/cancel-order.ts';
import type { CloseParts } from './orders/close-positions.ts';
import { flatten } from './orders/flatten.ts';
import { readOrder, toOrders } from './orders/order-row.ts';
import { submitIntent } from './orders/submit-intent.ts';
import { advancePaper } from './paper/advance-paper.ts';
import { openPaperAccount, paperTerms } from './paper/paper-account.ts';
import type { PaperVenue } from './paper/paper-venue.ts';

export interface Executor extends CancelParts, CloseParts {
  readonly venue: PaperVenue;
  readonly metrics: Metrics;
}

const ORDERS_LIMIT_DEFAULT = 100;

export function createHandlers(executor: Executor): Handlers<typeof executorApi> {
  const { db, reconciler, metrics } = executor;
  const orders = metrics.counter({
    name: 'executor_orders_total',
    help: 'Intents answered, by the status of their order then; an intent may be asked for again.',
    labels: ['status'],
  });
  const isGreen = (account: string): boolean => reconciler.isGreen(account);
  return {
    submit: async ({ body }) => {
      const answer = await viewOrder(db, await submitIntent(executor, body));
      orders.inc({ status: answer.status });
      return answer;
    },
    orders: ({ query }) => listOrders(db, query),
    order: ({ params }) => viewOrder(db, params.id),
    cancel: async ({ params }) => {
      await cancelBracket(executor, await findOrder(db, params.id));
      return viewOrder(db, params.id);
    },
    flatten: async ({ body }) => {
      const { cancelled, orders: closing, problems } = await flatten(executor, body);
      return {
        cancelled: await viewOrders(db, cancelled),
        orders: await viewOrders(db, closing),
        problems: [...problems],
      };
    },
    positions: async ({ query }) => ({ positions: await viewPositions(db, query.account) }),
    account: ({ query }) => viewAccount(db, query.account, isGreen, query.stream),
    openPaperAccount: async ({ body }) => {
      await db.transaction().execute((trx) => openPaperAccount(trx, body));
      await reconciler.runAccount(body.account);
      return viewAccount(db, body.account, isGreen);
    },
    paperAccount: ({ params }) => paperTerms(db, params.account),
    advancePaper: async ({ body }) => {
      const orderIds = await advancePaper(executor, body);
      return {
        account: await viewAccount(db, body.account, isGreen),
        changed: await viewOrders(db, [...orderIds]),
      };
    },
    reconcile: async () => {
      const accounts = await reconciler.runAll();
      return { reconciled: accounts.every(({ reconciled }) => reconciled), accounts };
    },
  };
}

async function viewOrders(db: Db, orderIds: readonly string[]): Promise<Order[]> {
  return toOrders(db, await Promise.all(orderIds.map((orderId) => findOrder(db, orderId))));
}

async function viewOrder(db: Db, orderId: string): Promise<Order> {
  const [order] = await viewOrders(db, [orderId]);
  if (!order) throw orderUnknown(orderId);
  return order;
}

async function findOrder(db: Db, orderId: string): Promise<OrderRow> {
  const row = await readOrder(db, orderId);
  if (!row) throw orderUnknown(orderId);
  return row;
}

function orderUnknown(orderId: string): ServiceError {
  return new ServiceError('order_unknown', 404, `there is no order ${orderId}`);
}

/** The newest orders that fit, and how many there are by status whatever their status and age. */
async function listOrders(db: Db, query: Parsed<typeof executorApi.orders>['query']) {
  const fitting = db
    .selectFrom('trading.orders')
    .$if(query.account !== undefined, (q) => q.where('account', '=', query.account ?? ''))
    .$if(query.parent !== undefined, (q) => q.where('parent_order_id', '=', query.parent ?? ''))
    .$if(query.strategy !== undefined, (q) => q.where('strategy', '=', query.strategy ?? ''));
  const rows = await fitting
    .$if(query.status !== undefined, (q) => q.where('status', '=', query.status ?? 'PENDING'))
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('order_id')
    .limit(query.limit ?? ORDERS_LIMIT_DEFAULT)
    .execute();
  const counted = await fitting
    .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  const counts: Partial<Record<OrderStatus, number>> = {};
  for (const { status, count } of counted) counts[status] = count;
  return { orders: await toOrders(db, rows), counts };
}
