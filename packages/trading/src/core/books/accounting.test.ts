import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../decimal.ts';
import { AccountBook } from './account-book.ts';
import { Desk, enter, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import { barOf, BAR_MS } from '../desk.fixture.ts';
import { BarCursor, BarSeries } from '../../bars/index.ts';
import { createCore, type CoreEvent, type OrderRequest } from '../index.ts';
import { LegBook, type BookedFill } from './leg-book.ts';
import { tradesByChoice } from './open-trade.ts';
import { StreamState } from '../stream-state.ts';

const amount = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min: 0, max: 8 }))
    .map(([digits, places]) => new Decimal(digits).div(new Decimal(10).pow(places)));

type Step =
  | {
      readonly kind: 'fill';
      readonly side: 'buy' | 'sell';
      readonly quantity: Decimal;
      readonly price: Decimal;
      readonly fee: Decimal;
      readonly feeInBase: boolean;
    }
  | { readonly kind: 'funding'; readonly rate: Decimal; readonly price: Decimal }
  | { readonly kind: 'split'; readonly numerator: number; readonly denominator: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: amount(1, 1_000_000),
      price: amount(1, 100_000_000),
      fee: amount(0, 1_000),
      feeInBase: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('funding' as const),
      rate: amount(-100, 100),
      price: amount(1, 100_000_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      numerator: fc.integer({ min: 1, max: 20 }),
      denominator: fc.integer({ min: 1, max: 20 }),
    }),
  },
);

const START = '10000';
const MARK = '123.45';

function booksAfter(steps: readonly Step[]): { readonly account: AccountBook; readonly book: LegBook } {
  const series = BarSeries.of([barOf(0, MARK)]);
  const state = new StreamState(stream('BTC/USDT'), new BarCursor(series, 1));
  const book = new LegBook();
  const account = new AccountBook(START, [{ stream: state, book }]);
  for (const step of steps) {
    if (step.kind === 'split') account.split('BTC/USDT', step.numerator, step.denominator);
    else if (step.kind === 'funding') account.fund('BTC/USDT', step.rate.toFixed(), step.price.toFixed());
    else {
      const { side, quantity, price, fee, feeInBase } = step;
      const value = quantity.times(price);
      const fill: BookedFill = { side, quantity, price, value, fee, configId: 'c', atMs: 0, isQuote: false };
      account.book({ stream: state, book }, fill, { feeInBase, isDust: () => false });
    }
  }
  return { account, book };
}

test('cash and position at any price are the start plus what was realised and is not, less fees, plus funding: exactly', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const { account, book } = booksAfter(steps);
      const { quantity, cost, realisedPnl, fees } = book.position;
      const marked = quantity.times(MARK);
      const unrealised = marked.minus(cost);
      assert.equal(
        account.cash.plus(marked).toFixed(),
        new Decimal(START).plus(realisedPnl).plus(unrealised).minus(fees).plus(book.funding).toFixed(),
      );
      assert.equal(account.equity!.toFixed(), account.cash.plus(marked).toFixed());
      assert.equal(quantity.isZero(), book.quantity === 0);
      if (quantity.isZero()) assert.ok(cost.isZero());
    }),
    { numRuns: 300 },
  );
});

const choiceFills = fc.array(
  fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: amount(1, 1_000),
    price: amount(1, 1_000_000),
    fee: amount(0, 1_000),
    isQuote: fc.boolean(),
    configId: fc.constantFrom('a', 'b', 'c'),
  }),
  { minLength: 1, maxLength: 30 },
);

test('what closed trades tell is what the books earned, once everything is closed', () => {
  fc.assert(
    fc.property(choiceFills, (steps) => {
      const book = new LegBook();
      const told = { pnl: new Decimal(0), pnlByChoice: new Decimal(0) };
      const tell = (step: (typeof steps)[number]): void => {
        const closed = book.book({ ...step, value: step.quantity.times(step.price), atMs: 0 }, () => false);
        if (!closed) return;
        told.pnl = told.pnl.plus(closed.pnl);
        for (const { pnl } of tradesByChoice(closed)) told.pnlByChoice = told.pnlByChoice.plus(pnl);
      };
      for (const step of steps) tell(step);
      const { quantity } = book.position;
      const side = quantity.isNegative() ? 'buy' : 'sell';
      if (!quantity.isZero()) tell({ ...steps[0]!, side, quantity: quantity.abs() });
      assert.ok(book.position.quantity.isZero() && book.trade === null);
      // A turn shares its one fee between two trades; their sum is what the books say.
      assert.equal(told.pnl.toFixed(), book.position.realisedPnl.minus(book.position.fees).toFixed());
      assert.equal(told.pnlByChoice.toFixed(), told.pnl.toFixed());
    }),
  );
});

test('books and trades are the same whatever choices of parameters are called, as a backtest has but one', () => {
  fc.assert(
    fc.property(choiceFills, (steps) => {
      const [live, backtest] = [new LegBook(), new LegBook()];
      for (const step of steps) {
        const fill = { ...step, value: step.quantity.times(step.price), atMs: 0 };
        const closed = live.book(fill, () => false);
        const same = backtest.book({ ...fill, configId: 'one' }, () => false);
        assert.deepEqual(closed && { ...closed, lots: [] }, same && { ...same, lots: [] });
        assert.deepEqual(live.position, backtest.position);
      }
    }),
  );
});

/** What the venue may tell of orders, in any order: parts of fills, fees in either currency, cancels, the same twice. */
const anyNews = fc.array(
  fc.record({
    share: fc.integer({ min: 1, max: 10 }),
    price: fc.integer({ min: 5_000, max: 15_000 }),
    fee: fc.integer({ min: 0, max: 3 }),
    inBase: fc.boolean(),
    isToldTwice: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

test('through the whole core no sequence of part fills, cancels and fees makes money or turns a position', () => {
  const strategy = scripted(({ legs: [{ position }] }) =>
    position ? signal('out', { kind: 'exit', leg: 0, style: { type: 'market' } }) : signal('up', enter()),
  );
  fc.assert(
    fc.property(anyNews, (news) => {
      const desk = new Desk(oneSlot(strategy));
      let working: OrderRequest | undefined;
      for (const { share, price, fee, inBase, isToldTwice } of news) {
        const text = (price / 100).toFixed(2);
        working = desk.bar(text).orders[0] ?? working;
        if (!working) continue;
        const quantity = new Decimal(working.quantity).times(share).div(10).toFixed();
        const event: CoreEvent = {
          type: 'fill',
          decisionId: working.decisionId,
          fillId: `${desk.atMs}`,
          protection: null,
          side: working.side,
          quantity,
          price: text,
          fee:
            inBase && working.side === 'buy'
              ? new Decimal(quantity).times(fee).div(1000).toFixed()
              : String(fee),
          feeCurrency: inBase && working.side === 'buy' ? 'BTC' : 'USDT',
          atMs: desk.atMs,
        };
        desk.tell(event);
        if (isToldTwice) desk.tell(event);
        if (share < 10) desk.order(working, 'CANCELLED');
        working = undefined;
        const { cash, positions } = desk.core.books;
        const { position } = positions[0]!;
        assert.equal(
          cash,
          new Decimal('1000').plus(position.realisedPnl).minus(position.cost).minus(position.fees).toFixed(),
        );
        assert.ok(Number(position.quantity) >= 0, position.quantity);
      }
    }),
    { numRuns: 200 },
  );
});

test('a split changes how many there are, and nothing of what they cost', () => {
  const desk = new Desk(oneSlot(scripted(() => signal('up', enter()))));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.tell({ type: 'split', instrument: 'BTC/USDT', numerator: 4, denominator: 1 });
  const { position } = desk.core.books.positions[0]!;
  assert.deepEqual([position.quantity, position.averagePrice], ['20', '25']);
  desk.show('25');
  assert.equal(desk.core.books.equity, '1000');
});

test('longs pay funding to shorts where the rate is above zero', () => {
  const desk = new Desk(oneSlot(scripted(() => signal('up', enter()))));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.tell({ type: 'funding', instrument: 'BTC/USDT', rate: '0.0001', markPrice: '110', atMs: BAR_MS });
  assert.equal(desk.core.books.cash, '499.945');
});

test('equity is not known while something is held that has no price', () => {
  const setup = oneSlot(scripted(() => signal('up', enter())));
  const desk = new Desk(setup);
  desk.fill(desk.bar(100).orders[0]!, '100');
  const snapshot = desk.core.snapshot() as { streams: { newestOpenMs: number | null }[] };
  snapshot.streams[0]!.newestOpenMs = null;
  const core = createCore(setup, new Map([['sim:BTC/USDT:5m', new BarCursor(new BarSeries())]]), snapshot);
  assert.equal(core.equity, null);
  assert.equal(core.books.equity, null);
});
