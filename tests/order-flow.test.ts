import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CallError } from '@aistock/shared';
import { dailyBar } from './fake-ingester.ts';
import { COSTS, FIRST_DAY, intent, LAST_DAY, STREAM, TradingDesk } from './trading-desk.ts';

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
});
after(() => desk.close());

const DAY = 110;
const NO_PART = { stop_price: null, target_price: null, trail_bps: null };

test('a permitted order fills at the next open; position, cash and record follow', async () => {
  const prices = [dailyBar(DAY, 100), dailyBar(DAY + 1, 102, 105), dailyBar(DAY + 2, 106, 110)];
  const others = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, index) => FIRST_DAY + index)
    .filter((day) => day < DAY || day > DAY + 2)
    .map((day) => dailyBar(day, 110));
  desk.ingester.setBars(
    STREAM,
    [...others, ...prices].toSorted((a, b) => a.open_ms - b.open_ms),
  );

  await desk.advance(DAY);
  const order = await desk.submit({ day: DAY });
  assert.equal(order.status, 'WORKING');
  assert.match(order.broker_order_id ?? '', /^paper-/);

  const { account, changed } = await desk.advance(DAY + 1);
  const [filled] = changed;
  assert.equal(filled?.status, 'FILLED');
  assert.deepEqual(
    filled?.fills.map(({ price, quantity, fee }) => ({ price, quantity, fee })),
    [{ price: '102', quantity: '10', fee: '1.02' }],
  );
  assert.equal(account.cash, '8978.98');
  assert.equal(account.equity, '10028.98');
  const { positions } = await desk.executor.positions({ query: { account: 'paper' } });
  assert.deepEqual(positions, [
    {
      account: 'paper',
      instrument: 'BTC/USDT',
      quantity: '10',
      average_price: '102',
      realised_pnl: '0',
      fees: '1.02',
      mark_price: '105',
      unrealised_pnl: '30',
    },
  ]);
  assert.deepEqual(await desk.eventsOf(order.order_id), [
    'order.intended',
    'order.send_started',
    'order.acknowledged',
    'order.filled',
    'order.closed',
  ]);
  assert.deepEqual(await desk.eventsOf(order.permit_id ?? ''), ['risk.permit_issued']);
});

test('the exit closes the position, and the books agree with the venue', async () => {
  const exit = await desk.submit({ day: DAY + 1, leg: 'exit', side: 'sell', reduce_only: true });
  assert.equal(exit.status, 'WORKING');
  const { account } = await desk.advance(DAY + 2);
  assert.equal(account.cash, '10037.92');
  const { reconciled, accounts } = await desk.executor.reconcile();
  assert.ok(reconciled);
  assert.deepEqual(accounts, [{ account: 'paper', reconciled: true, resolved_orders: 0, differences: [] }]);
});

test('reconciling twice changes nothing and says nothing new', async () => {
  const count = async () =>
    (await desk.database.db.selectFrom('audit.outbox').select('outbox_id').execute()).length;
  const events = await count();
  await desk.executor.reconcile();
  await desk.executor.reconcile();
  assert.equal(await count(), events);
});

test('moving the clock again fills nothing again, and back it does not go', async () => {
  const again = await desk.advance(DAY + 2);
  assert.deepEqual(again.changed, []);
  assert.equal(again.account.cash, '10037.92');
  await assert.rejects(
    desk.advance(DAY + 1),
    (error: CallError) => error.problem?.code === 'clock_would_go_back',
  );
});

test('the same decision is the same order; with other terms it is refused', async () => {
  const body = intent({ day: DAY + 3 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => desk.executor.submit({ body })));
  const [order] = answers;
  assert.ok(order);
  assert.equal(new Set(answers.map(({ order_id: id }) => id)).size, 1);
  const sent = await desk.venueOrders();
  assert.equal(sent.filter((id) => id === order.client_order_id).length, 1);
  await assert.rejects(
    desk.executor.submit({ body: { ...body, quantity: '11' } }),
    (error: CallError) => error.problem?.code === 'decision_conflict',
  );
  const cancel = () => desk.executor.cancel({ params: { id: order.order_id } });
  assert.equal((await cancel()).status, 'CANCELLED');
  assert.equal((await cancel()).status, 'CANCELLED');
});

test('an order that nothing fills ends with its day; one good till cancelled works on', async () => {
  const limit = { order_type: 'limit', limit_price: '105', day: DAY + 4 } as const;
  const day = await desk.submit({ ...limit, leg: 'day' });
  const gtc = await desk.submit({ ...limit, leg: 'gtc', time_in_force: 'gtc', quantity: '1' });
  await desk.advance(DAY + 5);
  const [dayAfter, gtcAfter] = await Promise.all(
    [day, gtc].map(({ order_id: id }) => desk.executor.order({ params: { id } })),
  );
  assert.equal(dayAfter?.status, 'EXPIRED');
  assert.equal(dayAfter?.reason, 'session_over');
  assert.equal(gtcAfter?.status, 'WORKING');
  await desk.executor.cancel({ params: { id: gtc.order_id } });
});

test('an account is opened once, with one set of terms', async () => {
  const terms = { account: 'paper', currency: 'USDT', start_cash: '10000.0', costs: COSTS };
  assert.equal((await desk.executor.openPaperAccount({ body: terms })).cash, '10037.92');
  await assert.rejects(
    desk.executor.openPaperAccount({ body: { ...terms, costs: { ...COSTS, latency_ms: 1 } } }),
    (error: CallError) =>
      error.problem?.code === 'account_exists' && error.problem.fields?.[0]?.field === 'body.costs',
  );
  const kept = await desk.executor.paperAccount({ params: { account: 'paper' } });
  assert.deepEqual(kept, { ...terms, start_cash: '10000' });
  await assert.rejects(
    desk.executor.paperAccount({ params: { account: 'nobody' } }),
    (error: CallError) => error.status === 404 && error.problem?.code === 'account_unknown',
  );
});

test('bad intents are refused by field and leave nothing behind', async () => {
  const counts = (await desk.executor.orders({ query: {} })).counts;
  const good = intent({ day: DAY + 6 });
  const cases = [
    { body: { ...good, decision_id: 'f'.repeat(64) }, field: 'body.decision_id' },
    { body: intent({ day: DAY + 6, stream: 'csv:ETH/USDT:1d' }), field: 'body.stream' },
    { body: intent({ instrument: 'ETH/BTC', stream: 'csv:ETH/BTC:1d' }), field: 'body.instrument' },
    { body: { ...good, quantity: '-1' }, field: 'body.quantity' },
    { body: { ...good, limit_price: '1' }, field: 'body.limit_price' },
    { body: { ...good, order_type: 'stop' as const }, field: 'body.stop_price' },
    { body: { ...good, order_type: 'trailing_stop' as const }, field: 'body.trail_bps' },
    { body: { ...good, protection: NO_PART }, field: 'body.protection' },
    {
      body: { ...good, protection: { ...NO_PART, stop_price: '110', target_price: '90' } },
      field: 'body.protection.target_price',
    },
    {
      body: { ...good, reduce_only: true, protection: { ...NO_PART, stop_price: '90' } },
      field: 'body.protection',
    },
  ];
  for (const { body, field } of cases) {
    await assert.rejects(
      desk.executor.submit({ body }),
      (error: CallError) => error.status === 400 && error.problem?.fields?.[0]?.field === field,
      field,
    );
  }
  await assert.rejects(
    desk.submit({ account: 'nobody' }),
    (error: CallError) => error.problem?.code === 'account_unknown',
  );
  assert.deepEqual((await desk.executor.orders({ query: {} })).counts, counts);
});
