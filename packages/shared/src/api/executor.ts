import { z } from 'zod';
import { OPERATORS, READERS, route, TRADERS } from '../route.ts';
import {
  Accountable,
  Decimal,
  Instrument,
  intText,
  Ms,
  Name,
  NonNegativeDecimal,
  OrderStatus,
  PositiveDecimal,
  Sha256,
  StreamId,
  StreamIdInPath,
} from '../vocabulary.ts';
import { CostModel } from './costs.ts';
import { BracketPart, orderShape, refineOrder } from './order-terms.ts';
import { Denial } from './risk-gate.ts';

/** What a strategy asks for, before any review. */
export const OrderIntent = z
  .strictObject({
    /** Hash of account, slot, strategy, instrument, stream, bar time and leg: the same decision always has the same id. */
    decision_id: Sha256,
    account: Name,
    strategy: Name,
    /** Which of the account's strategies on their instruments decided; unique in the account. */
    slot: Name,
    instrument: Instrument,
    /** The stream whose bars fill it on paper. */
    stream: StreamId,
    leg: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/),
    /** The parameter decision behind it; every order has one. */
    config_id: z.uuid(),
    ...orderShape,
    bar_open_ms: Ms,
    as_of_ms: Ms,
  })
  .superRefine(refineOrder);
export type OrderIntent = z.infer<typeof OrderIntent>;

export const Fill = z.strictObject({
  venue: Name,
  fill_id: z.string(),
  quantity: PositiveDecimal,
  price: PositiveDecimal,
  fee: NonNegativeDecimal,
  /** The account's currency, or the instrument's base where the venue takes the fee out of what was bought. */
  fee_currency: z.string(),
  filled_ms: Ms,
});

export const Order = z.strictObject({
  order_id: z.uuid(),
  client_order_id: z.string(),
  decision_id: Sha256,
  account: Name,
  strategy: Name,
  slot: Name,
  instrument: Instrument,
  stream: StreamId,
  leg: z.string(),
  config_id: z.uuid(),
  ...orderShape,
  /** For an exit of a bracket: the entry that it protects, and its part. It has no permit but the entry's. */
  parent: z.strictObject({ order_id: z.uuid(), decision_id: Sha256, part: BracketPart }).nullable(),
  status: OrderStatus,
  filled_quantity: NonNegativeDecimal,
  average_price: PositiveDecimal.nullable(),
  /** In the account's currency; a fee in another one at the price of its fill. */
  fees: NonNegativeDecimal,
  permit_id: z.uuid().nullable(),
  broker_order_id: z.string().nullable(),
  denials: z.array(Denial),
  reason: z.string().nullable(),
  fills: z.array(Fill),
  as_of_ms: Ms,
  created_ms: Ms,
  updated_ms: Ms,
});
export type Order = z.infer<typeof Order>;

export const Position = z.strictObject({
  account: Name,
  instrument: Instrument,
  /** Above zero long, below zero short. */
  quantity: Decimal,
  average_price: PositiveDecimal.nullable(),
  realised_pnl: Decimal,
  fees: NonNegativeDecimal,
  mark_price: PositiveDecimal.nullable(),
  unrealised_pnl: Decimal.nullable(),
});

export const Account = z.strictObject({
  account: Name,
  venue: Name,
  currency: z.string(),
  start_cash: NonNegativeDecimal,
  cash: Decimal,
  /** Cash plus positions at their last mark; null while a position has no mark. */
  equity: Decimal.nullable(),
  /** How far a replayed paper account has come; null before its first bar. */
  clock_ms: Ms.nullable(),
  reconciled: z.boolean(),
});

/** What a paper account was opened with. */
const PaperAccount = z.strictObject({
  account: Name,
  currency: z.string().regex(/^[A-Z]{3,6}$/),
  start_cash: PositiveDecimal,
  costs: CostModel,
});

export const executorApi = {
  submit: route({
    method: 'POST',
    path: '/orders',
    summary: 'Take an order intent; the same decision_id always gives the same order.',
    roles: TRADERS,
    body: OrderIntent,
    response: Order,
    timeoutMs: 10_000,
  }),
  orders: route({
    method: 'GET',
    path: '/orders',
    summary: 'Orders, newest first.',
    roles: READERS,
    query: z.strictObject({
      account: Name.optional(),
      status: OrderStatus.optional(),
      strategy: Name.optional(),
      /** The entry of a bracket: only its exits. */
      parent: z.uuid().optional(),
      limit: intText(1, 1000).optional(),
    }),
    response: z.strictObject({
      orders: z.array(Order),
      counts: z.partialRecord(OrderStatus, z.int().min(0)),
    }),
  }),
  order: route({
    method: 'GET',
    path: '/orders/:id',
    summary: 'An order with its fills.',
    roles: READERS,
    params: z.strictObject({ id: z.uuid() }),
    response: Order,
  }),
  cancel: route({
    method: 'DELETE',
    path: '/orders/:id',
    summary:
      'Cancel a working order, of a bracket the exits as well, and answer once the venue has done it. An order that has ended stays.',
    roles: TRADERS,
    params: z.strictObject({ id: z.uuid() }),
    response: Order,
    timeoutMs: 30_000,
  }),
  flatten: route({
    method: 'POST',
    path: '/flatten',
    summary: 'Leave everything that an account holds: cancel what works, then close each position at market.',
    roles: ['operator', 'trader', 'service'],
    body: Accountable.extend({ account: Name }),
    response: z.strictObject({
      /** What was still open, as it is now. */
      cancelled: z.array(Order),
      /** One for each position, as the gate and the venue have answered; fills come later. */
      orders: z.array(Order),
      /** What could not be done, one sentence each. */
      problems: z.array(z.string()),
    }),
    timeoutMs: 60_000,
  }),
  positions: route({
    method: 'GET',
    path: '/positions',
    summary: 'Positions of every account.',
    roles: READERS,
    query: z.strictObject({ account: Name.optional() }),
    response: z.strictObject({ positions: z.array(Position) }),
  }),
  account: route({
    method: 'GET',
    path: '/account',
    summary: 'Cash, equity and state of an account.',
    roles: READERS,
    query: z.strictObject({
      account: Name,
      /** With a stream, clock_ms is how far that stream was replayed; without, the furthest of all. */
      stream: StreamIdInPath.optional(),
    }),
    response: Account,
  }),
  openPaperAccount: route({
    method: 'POST',
    path: '/paper/accounts',
    summary: 'Open a paper account; opening it again with the same terms changes nothing.',
    roles: OPERATORS,
    body: PaperAccount,
    response: Account,
  }),
  paperAccount: route({
    method: 'GET',
    path: '/paper/accounts/:account',
    summary: 'What a paper account was opened with: by these costs its orders fill.',
    roles: READERS,
    params: z.strictObject({ account: Name }),
    response: PaperAccount,
  }),
  advancePaper: route({
    method: 'POST',
    path: '/paper/advance',
    summary:
      "Move a paper account's clock to a bar close: working orders fill at the bars that closed since.",
    roles: TRADERS,
    body: z.strictObject({ account: Name, stream: StreamId, to_ms: Ms }),
    response: z.strictObject({ account: Account, changed: z.array(Order) }),
  }),
  reconcile: route({
    method: 'POST',
    path: '/reconcile',
    summary: 'Compare orders, positions and cash with the broker; no new order leaves while they differ.',
    roles: TRADERS,
    response: z.strictObject({
      reconciled: z.boolean(),
      accounts: z.array(
        z.strictObject({
          account: Name,
          reconciled: z.boolean(),
          resolved_orders: z.int().min(0),
          differences: z.array(z.string()),
        }),
      ),
    }),
    timeoutMs: 60_000,
  }),
} as const;
