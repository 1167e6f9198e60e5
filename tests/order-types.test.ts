import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dailyOpenMs } from '@aistock/market';
import type { Limits, Order } from '@aistock/shared';
import { dailyBar, DAY_MS } from './fake-ingester.ts';
import { COSTS, LIMITS, STREAM, TradingDesk, type IntentChange } from './trading-desk.ts';

/** Each order type and time in force through contract, gate, books and paper venue. */

const DAY = 110;

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
});
after(() => desk.close());

let accounts = 0;
/** An account of its own, and bars from the day after the decision on; before that everything stands at 100. */
async function trade(
  bars: readonly (readonly [open: number, close: number])[],
  costs = COSTS,
): Promise<{
  submit: (change: IntentChange) => Promise<Order>;
  after: (order: Order, days: number) => Promise<Order>;
}> {
  const name = `types_${++accounts}`;
  await desk.setLimits({ ...LIMITS, account: name });
  await desk.executor.openPaperAccount({
    body: { account: name, currency: 'USDT', start_cash: '10000', costs },
  });
  desk.ingester.setBars(STREAM, [
    ...Array.from({ length: 11 }, (_, index) => dailyBar(DAY - 10 + index, 100)),
    ...bars.map(([open, close], index) => dailyBar(DAY + 1 + index, open, close)),
  ]);
  return {
    submit: (change) => desk.submit({ account: name, day: DAY, ...change }),
    after: async ({ order_id: id }, days) => {
      await desk.executor.advancePaper({
        body: { account: name, stream: STREAM, to_ms: (DAY + days + 1) * DAY_MS },
      });
      const { accounts: compared } = await desk.executor.reconcile();
      assert.deepEqual(compared.find((each) => each.account === name)?.differences, []);
      return desk.executor.order({ params: { id } });
    },
  };
}

test('a stop waits for its price, and fills at the open that gaps through it', async () => {
  const account = await trade([
    [101, 102],
    [108, 109],
  ]);
  const order = await account.submit({ order_type: 'stop', stop_price: '104', time_in_force: 'gtc' });
  assert.equal(order.status, 'WORKING');
  assert.equal((await account.after(order, 1)).status, 'WORKING');
  const filled = await account.after(order, 2);
  assert.deepEqual([filled.status, filled.average_price, filled.stop_price], ['FILLED', '108', '104']);
});

test('a stop-limit that was gapped over waits at its limit', async () => {
  const account = await trade([
    [108, 109],
    [107, 103],
  ]);
  const order = await account.submit({
    order_type: 'stop_limit',
    stop_price: '104',
    limit_price: '105',
    time_in_force: 'gtc',
  });
  assert.equal((await account.after(order, 1)).status, 'WORKING');
  const filled = await account.after(order, 2);
  assert.deepEqual([filled.status, filled.average_price], ['FILLED', '105']);
});

test('a trailing stop follows the market up and leaves on the way down', async () => {
  const account = await trade([
    [100, 100],
    [100, 119],
    [110, 110],
  ]);
  const entry = await account.submit({ time_in_force: 'gtc' });
  await account.after(entry, 1);
  const exit = await account.submit({
    day: DAY + 1,
    leg: 'exit',
    side: 'sell',
    order_type: 'trailing_stop',
    trail_bps: 500,
    time_in_force: 'gtc',
    reduce_only: true,
  });
  assert.equal(exit.status, 'WORKING', JSON.stringify(exit.denials));
  assert.equal((await account.after(exit, 2)).status, 'WORKING');
  const filled = await account.after(exit, 3);
  assert.deepEqual([filled.status, filled.average_price], ['FILLED', '110']);
});

test('a marketable limit takes the open and pays no more than its limit', async () => {
  const account = await trade([[102, 103]]);
  const order = await account.submit({ order_type: 'limit', limit_price: '103' });
  const filled = await account.after(order, 1);
  assert.deepEqual([filled.status, filled.average_price], ['FILLED', '102']);
});

test('fill or kill takes all or nothing, immediate or cancel what there is, and a cancel the rest', async () => {
  const thin = { ...COSTS, participation_max: 0.01 };
  const account = await trade(
    [
      [100, 100],
      [100, 100],
    ],
    thin,
  );
  const fok = await account.submit({ leg: 'fok', time_in_force: 'fok', quantity: '11' });
  const ended = await account.after(fok, 1);
  assert.deepEqual([ended.status, ended.filled_quantity], ['EXPIRED', '0']);

  const other = await trade(
    [
      [100, 100],
      [100, 100],
    ],
    thin,
  );
  const ioc = await other.submit({ leg: 'ioc', time_in_force: 'ioc', quantity: '11' });
  const part = await other.after(ioc, 1);
  assert.deepEqual([part.status, part.filled_quantity, part.reason], ['EXPIRED', '10', 'not_filled']);

  const third = await trade(
    [
      [100, 100],
      [100, 100],
    ],
    thin,
  );
  const gtc = await third.submit({ leg: 'gtc', time_in_force: 'gtc', quantity: '30' });
  const working = await third.after(gtc, 1);
  assert.deepEqual([working.status, working.filled_quantity], ['PARTIALLY_FILLED', '10']);
  await cancel(gtc);
  const cancelled = await third.after(gtc, 2);
  assert.deepEqual([cancelled.status, cancelled.filled_quantity], ['CANCELLED', '10']);
});

const cancel = ({ order_id: id }: Order) => desk.executor.cancel({ params: { id } });

test('out of the regular hours only limit orders and brackets may ask to fill', async () => {
  const account = 'hours';
  const stream = 'csv:SPY:1d';
  const own = LIMITS.instruments['BTC/USDT'] as Limits['instruments'][string];
  await desk.setLimits({ ...LIMITS, account, instruments: { SPY: { ...own, price_stream: stream } } });
  await desk.openAccount(account);
  const monday = dailyOpenMs(Date.UTC(2020, 0, 6), 'xnys');
  desk.ingester.setBars(stream, [{ ...dailyBar(0, 100), open_ms: monday }], 'xnys');
  const evening = { account, instrument: 'SPY', stream, extended_hours: true, day: monday / DAY_MS };
  const market = await desk.submit({ ...evening, leg: 'market' });
  assert.deepEqual(
    market.denials.map(({ code }) => code),
    ['extended_hours_not_allowed'],
  );
  const limit = await desk.submit({ ...evening, leg: 'limit', order_type: 'limit', limit_price: '101' });
  assert.deepEqual([limit.status, limit.extended_hours], ['WORKING', true]);
  const waits = await desk.submit({ ...evening, leg: 'waits', extended_hours: false });
  assert.equal(waits.status, 'WORKING', 'an order for the regular hours may come in before them');
});
