import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallError, DenialCode, Limits } from '@aistock/shared';
import { LIMITS, termsOf, TradingDesk, type IntentChange } from './trading-desk.ts';

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
});
after(() => desk.close());

const limit = (limitPrice: string, change: IntentChange = {}): IntentChange => ({
  order_type: 'limit',
  limit_price: limitPrice,
  ...change,
});

let legs = 0;
/** Submits under a decision of its own and answers the codes of the denials. */
async function denialsOf(change: IntentChange): Promise<DenialCode[]> {
  const order = await desk.submit({ leg: `leg_${++legs}`, ...change });
  assert.equal(order.status, 'DENIED', `${order.status} ${order.reason}`);
  assert.equal(order.permit_id, null);
  return order.denials.map(({ code }) => code);
}

const CASES: readonly { readonly codes: readonly DenialCode[]; readonly change: IntentChange }[] = [
  { codes: ['instrument_unknown'], change: { instrument: 'DOGE/USDT', stream: 'csv:DOGE/USDT:1d' } },
  { codes: ['strategy_not_permitted'], change: { strategy: 'market_making' } },
  { codes: ['price_off_tick'], change: limit('100.25') },
  { codes: ['quantity_off_lot'], change: { quantity: '1.05' } },
  {
    codes: ['quantity_above_max', 'notional_above_max', 'instrument_exposure_above_max'],
    change: limit('101', { quantity: '50.1' }),
  },
  { codes: ['notional_below_min'], change: limit('99', { quantity: '0.1' }) },
  { codes: ['notional_above_max'], change: { quantity: '40.1' } },
  { codes: ['price_outside_collar'], change: limit('105.5') },
  { codes: ['price_stale'], change: { day: 140 } },
  { codes: ['price_missing'], change: { day: 90 } },
  { codes: ['reduce_only_would_increase'], change: { side: 'sell', reduce_only: true } },
];

for (const { codes, change } of CASES) {
  test(`denied: ${codes.join(', ')}`, async () => {
    assert.deepEqual(await denialsOf(change), codes);
  });
}

test('denied: limits_not_set, and limits with a version each stay on record', async () => {
  await desk.openAccount('second');
  assert.deepEqual(await denialsOf({ account: 'second' }), ['limits_not_set']);
  await desk.setLimits({ ...LIMITS, account: 'second' });
  await desk.setLimits({ ...LIMITS, account: 'second', gross_notional_max: '1' });
  const { accounts } = await desk.gate.limits();
  const second = accounts.find(({ limits }) => limits.account === 'second');
  assert.equal(second?.version, 2);
  assert.deepEqual(await denialsOf({ account: 'second' }), ['account_exposure_above_max']);
});

test('limits that do not fit together are refused by field', async () => {
  const own = LIMITS.instruments['BTC/USDT'];
  assert.ok(own);
  const limits: Limits = {
    ...LIMITS,
    instruments: { 'BTC/USDT': { ...own, price_stream: 'csv:ETH/USDT:1d' } },
  };
  await assert.rejects(
    desk.setLimits(limits),
    (error: CallError) =>
      error.status === 400 &&
      error.problem?.fields?.[0]?.field === 'body.limits.instruments.BTC/USDT.price_stream',
  );
});

test('denied: instrument_restricted', async () => {
  await withLimits({ restricted: ['BTC/USDT'] }, async () => {
    assert.deepEqual(await denialsOf({}), ['instrument_restricted']);
  });
});

test('denied: duplicate_order, by the clock of the account', async () => {
  await withLimits({ duplicate_window_ms: 1_000 }, async () => {
    const first = await desk.submit({ leg: 'first', quantity: '3' });
    assert.equal(first.status, 'WORKING');
    assert.deepEqual(await denialsOf({ quantity: '3' }), ['duplicate_order']);
    const dayAfter = await desk.submit({ leg: 'first', quantity: '3', day: 111 });
    assert.equal(dayAfter.status, 'WORKING');
    for (const { order_id: id } of [first, dayAfter]) await desk.executor.cancel({ params: { id } });
  });
});

test('denied: exposure counts what works as if it had filled', async () => {
  const working = await desk.submit({ leg: 'working', quantity: '40' });
  assert.equal(working.status, 'WORKING');
  assert.deepEqual(await denialsOf({ quantity: '10.1' }), ['instrument_exposure_above_max']);
  const eth = { instrument: 'ETH/USDT', stream: 'csv:ETH/USDT:1d' };
  assert.equal((await desk.submit({ ...eth, quantity: '40' })).status, 'WORKING');
  assert.deepEqual(await denialsOf({ quantity: '0.1' }), ['account_exposure_above_max']);
  const { orders } = await desk.executor.orders({ query: { status: 'WORKING' } });
  for (const { order_id: id } of orders) await desk.executor.cancel({ params: { id } });
});

test('denied: cash_insufficient', async () => {
  const wide = {
    ...LIMITS.instruments['BTC/USDT'],
    gross_notional_max: '90000',
    notional_max: '90000',
    quantity_max: '900',
  };
  const instruments = { 'BTC/USDT': wide as Limits['instruments'][string] };
  await withLimits({ instruments, gross_notional_max: '90000' }, async () => {
    assert.deepEqual(await denialsOf({ quantity: '100.1' }), ['cash_insufficient']);
  });
});

test('denied: client_order_id_used, at the gate itself', async () => {
  const order = await desk.submit({ leg: 'used', quantity: '1' });
  const verdict = await desk.gate.check({
    body: {
      terms: termsOf(order),
      decision_id: order.decision_id,
      as_of_ms: order.as_of_ms,
    },
  });
  assert.deepEqual(verdict.verdict === 'denied' && verdict.denials.map(({ code }) => code), [
    'client_order_id_used',
  ]);
  await desk.executor.cancel({ params: { id: order.order_id } });
});

test('denied: not_reconciled, once the books of the venue say something else', async () => {
  const { db } = desk.database;
  const setVenueCash = (cash: string) =>
    db.updateTable('trading.paper_account').set({ cash }).where('account', '=', 'paper').execute();
  await setVenueCash('9999');
  const { accounts } = await desk.executor.reconcile();
  const paper = accounts.find(({ account }) => account === 'paper');
  assert.deepEqual(paper?.differences, ['cash is 10000 here and 9999 at the venue']);
  assert.deepEqual(await denialsOf({}), ['not_reconciled']);
  const { status } = await desk.executor.health();
  assert.equal(status, 'degraded');
  assert.ok((await desk.executor.ready()).ready);
  await setVenueCash('10000');
  assert.ok((await desk.executor.reconcile()).reconciled);
});

test('a kill holds through restarts of the gate, and reducing lets an exit through', async () => {
  await desk.advance(110);
  await desk.submit({ day: 110, leg: 'entry', quantity: '10' });
  await desk.advance(111);
  const by = { by: 'ann', reason: 'a test of the switch' };
  const start = await desk.gate.kills();
  const reducing = await desk.gate.kill({ body: { ...by, scope: 'account:paper', level: 'reducing' } });
  assert.equal(reducing.kill_epoch, start.kill_epoch + 1);
  await desk.stopGate();
  await desk.startGate();
  await desk.stopExecutor();
  await desk.startExecutor();
  assert.deepEqual(await denialsOf({ day: 111 }), ['trading_reducing_only']);
  const exit = await desk.submit({ day: 111, leg: 'exit', side: 'sell', quantity: '4' });
  assert.equal(exit.status, 'WORKING');

  const halted = await desk.gate.kill({ body: { ...by, scope: 'firm', level: 'halted' } });
  assert.deepEqual(await denialsOf({ day: 111, side: 'sell', quantity: '1' }), ['trading_halted']);
  for (const { kill_id: killId } of [halted.kill, reducing.kill]) {
    await desk.gate.resume({ body: { ...by, kill_id: killId } });
  }
  await assert.rejects(
    desk.gate.resume({ body: { ...by, kill_id: halted.kill.kill_id } }),
    (error: CallError) => error.problem?.code === 'kill_already_lifted',
  );
  assert.deepEqual(await desk.gate.kills(), { kill_epoch: start.kill_epoch + 4, kills: [] });
  assert.equal((await desk.submit({ day: 111, leg: 'again', quantity: '1' })).status, 'WORKING');
});

async function withLimits(change: Partial<Limits>, work: () => Promise<void>): Promise<void> {
  await desk.setLimits({ ...LIMITS, ...change });
  try {
    await work();
  } finally {
    await desk.setLimits(LIMITS);
  }
}
