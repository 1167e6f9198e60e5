import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Bar, CostModel, Limits, Order, OrderIntent } from '@aistock/shared';
import {
  fillCosts,
  matchBar,
  venueOrder,
  type FillReport,
  type VenueHolding,
  type VenueOrder,
} from '@aistock/trading/fills';
import { toWire } from '@aistock/trading/portfolio';
import { DAY_MS } from './fake-ingester.ts';
import { FIRST_DAY, intent, LIMITS, STREAM, TradingDesk, type IntentChange } from './trading-desk.ts';

const LIMIT: Limits['instruments'][string] = {
  ...LIMITS.instruments['BTC/USDT']!,
  tick_size: '0.01',
  lot_size: '0.01',
  notional_max: '100000',
  gross_notional_max: '1000000',
  collar_bps: 9_000,
};
const LAST_DAY = FIRST_DAY + 16;

let desk: TradingDesk;
before(async () => {
  desk = await TradingDesk.open();
  const bars = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, index) => barOf(FIRST_DAY + index));
  desk.ingester.setBars(STREAM, bars);
});
after(() => desk.close());

/** Prices that swing by a tenth in sixteen days, now and then with a gap. */
function barOf(day: number): Bar {
  const middle = 100 + 10 * Math.sin((2 * Math.PI * (day - FIRST_DAY)) / 8);
  const [open, close] = [middle - 1 + (day % 3), middle + 1 - (day % 2)];
  return {
    open_ms: day * DAY_MS,
    open: open.toFixed(2),
    high: (Math.max(open, close) + 3).toFixed(2),
    low: (Math.min(open, close) - 3).toFixed(2),
    close: close.toFixed(2),
    volume: day % 5 === 0 ? '40' : '400',
  };
}

const bracket = (stop: string | null, target: string | null, trailBps: number | null = null) => ({
  protection: { stop_price: stop, target_price: target, trail_bps: trailBps },
});
/** Orders of all kinds over the days, the day being the one at whose close they are decided. */
const ORDERS: readonly IntentChange[] = [
  { day: FIRST_DAY, leg: 'whole', ...bracket('90', '112') },
  {
    day: FIRST_DAY,
    leg: 'resting',
    order_type: 'limit',
    limit_price: '92',
    time_in_force: 'gtc',
    quantity: '3',
  },
  { day: FIRST_DAY, leg: 'today', order_type: 'limit', limit_price: '80', quantity: '1' },
  {
    day: FIRST_DAY + 1,
    leg: 'short_lived',
    order_type: 'limit',
    limit_price: '80',
    time_in_force: 'ioc',
    quantity: '1',
  },
  {
    day: FIRST_DAY + 1,
    leg: 'breakout',
    order_type: 'stop',
    stop_price: '112.5',
    time_in_force: 'gtc',
    quantity: '7.5',
    ...bracket(null, null, 300),
  },
  {
    day: FIRST_DAY + 2,
    leg: 'breakout_limit',
    order_type: 'stop_limit',
    stop_price: '113',
    limit_price: '113.5',
    time_in_force: 'gtc',
    quantity: '2',
  },
  { day: FIRST_DAY + 4, leg: 'large', time_in_force: 'gtc', quantity: '30', ...bracket('85', null) },
  { day: FIRST_DAY + 5, leg: 'all_or_nothing', time_in_force: 'fok', quantity: '30' },
  {
    day: FIRST_DAY + 9,
    leg: 'trail',
    side: 'sell',
    order_type: 'trailing_stop',
    trail_bps: 400,
    time_in_force: 'gtc',
    quantity: '2',
    reduce_only: true,
  },
  {
    day: FIRST_DAY + 12,
    leg: 'leave',
    side: 'sell',
    quantity: '2',
    reduce_only: true,
    time_in_force: 'gtc',
  },
];

const COSTS: readonly CostModel[] = [
  {
    fees: { maker_bps: 2, taker_bps: 10, taken_in: 'quote' },
    spread: { type: 'bps', bps: 4 },
    slippage: { type: 'volume_share', impact: 0.1 },
    latency_ms: 60_000,
    participation_max: 0.05,
  },
  {
    fees: { maker_bps: 2, taker_bps: 10, taken_in: 'base' },
    spread: { type: 'range', share: 0.05 },
    slippage: { type: 'volatility', share: 0.02 },
    latency_ms: 0,
    participation_max: null,
  },
];

for (const [index, costs] of COSTS.entries()) {
  test(`orders of all kinds fill on paper over HTTP as in a backtest, costs ${index}`, async () => {
    const account = `paper_${index}`;
    await desk.executor.openPaperAccount({
      body: { account, currency: 'USDT', start_cash: '10000', costs },
    });
    await desk.setLimits({
      ...LIMITS,
      account,
      gross_notional_max: '1000000',
      instruments: { 'BTC/USDT': LIMIT },
    });
    const backtest = new Backtest(costs);
    for (let day = FIRST_DAY; day <= LAST_DAY; day++) {
      const { account: now } = await desk.executor.advancePaper({
        body: { account, stream: STREAM, to_ms: (day + 1) * DAY_MS },
      });
      backtest.pass(barOf(day));
      assert.equal(now.cash, toWire(backtest.holding.cash), `cash of day ${day}`);
      for (const change of ORDERS.filter((each) => each.day === day)) {
        const order = await desk.submit({ account, ...change });
        assert.equal(order.status, 'WORKING', JSON.stringify(order.denials));
        backtest.place(intent({ account, ...change }));
      }
    }
    const { orders } = await desk.executor.orders({ query: { account, limit: '100' } });
    assert.deepEqual(fillsOnPaper(orders), backtest.fills());
    assert.ok(backtest.fills().length >= 9, 'enough happens for the comparison to mean something');
    const { accounts } = await desk.executor.reconcile();
    assert.deepEqual(accounts.find((each) => each.account === account)?.differences, []);
    const held = await desk.executor.positions({ query: { account } });
    assert.deepEqual(
      held.positions.map(({ quantity }) => quantity),
      [backtest.holding.quantity],
    );
    assert.deepEqual(working(orders), backtest.working());
  });
}

/** The same orders and bars without any service. */
class Backtest {
  holding: VenueHolding = { cash: '10000', quantity: '0' };
  readonly #costs: CostModel;
  #orders: readonly VenueOrder[] = [];
  readonly #fills: FillReport[] = [];
  readonly #legs = new Map<string, string>();

  constructor(costs: CostModel) {
    this.#costs = costs;
  }

  place(placed: OrderIntent): void {
    const { protection } = placed;
    const order = venueOrder(
      placed.decision_id,
      {
        side: placed.side,
        type: placed.order_type,
        quantity: placed.quantity,
        limitPrice: placed.limit_price,
        stopPrice: placed.stop_price,
        trailBps: placed.trail_bps,
        timeInForce: placed.time_in_force,
        extendedHours: placed.extended_hours,
        reduceOnly: placed.reduce_only,
        protection: protection && {
          stopPrice: protection.stop_price,
          targetPrice: protection.target_price,
          trailBps: protection.trail_bps,
        },
      },
      placed.as_of_ms + this.#costs.latency_ms,
    );
    this.#legs.set(order.orderId, placed.leg);
    this.#orders = [...this.#orders, order];
  }

  pass({ open_ms: openMs, ...prices }: Bar): void {
    const terms = { costs: fillCosts(this.#costs), timeframe: '1d', calendar: 'always' } as const;
    const matched = matchBar(this.#orders, { openMs, ...prices }, this.holding, terms);
    this.#orders = matched.orders;
    this.holding = matched.holding;
    for (const report of matched.reports) if (report.kind === 'fill') this.#fills.push(report);
  }

  fills(): string[] {
    return this.#fills
      .map(({ orderId, protection, quantity, price, fee, feeTakenIn, atMs }) => {
        const leg = `${this.#legs.get(orderId)}${protection ? `_${protection}` : ''}`;
        return line({ leg, quantity, price, fee, currency: feeTakenIn === 'base' ? 'BTC' : 'USDT', atMs });
      })
      .toSorted();
  }

  working(): string[] {
    return this.#orders
      .map(({ orderId, parent, quantity, filled }) =>
        parent
          ? `${this.#legs.get(parent.orderId)}_${parent.part} ${filled} of ${quantity}`
          : `${this.#legs.get(orderId)} ${filled} of ${quantity}`,
      )
      .toSorted();
  }
}

function fillsOnPaper(orders: readonly Order[]): string[] {
  return orders
    .flatMap(({ leg, fills }) =>
      fills.map(({ quantity, price, fee, fee_currency: currency, filled_ms: atMs }) =>
        line({ leg, quantity, price, fee, currency, atMs }),
      ),
    )
    .toSorted();
}

function working(orders: readonly Order[]): string[] {
  return orders
    .filter(({ status }) => status === 'WORKING' || status === 'PARTIALLY_FILLED')
    .map(({ leg, quantity, filled_quantity: filled }) => `${leg} ${filled} of ${quantity}`)
    .toSorted();
}

function line(
  fill: Record<'leg' | 'quantity' | 'price' | 'fee' | 'currency', string> & { readonly atMs: number },
): string {
  return `${fill.atMs / DAY_MS} ${fill.leg} ${fill.quantity} @ ${fill.price}, fee ${fill.fee} ${fill.currency}`;
}
