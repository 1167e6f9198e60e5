import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BarCursor } from '../bars/index.ts';
import { decideOn, heldAt, legOf, seriesOf, tailOf, wholeView } from './bars.fixture.ts';
import { smaCross, STRATEGIES } from './index.ts';
import { SHORT_PARAMS } from './params.fixture.ts';
import type { Hold, Holding, LegView, Signal, Strategy, StrategyParams } from './strategy.ts';

const CASES: readonly (readonly [Strategy, StrategyParams])[] = [
  ...[...STRATEGIES.values()].map((strategy): [Strategy, StrategyParams] => [
    strategy,
    SHORT_PARAMS[strategy.name as keyof typeof SHORT_PARAMS],
  ]),
  [STRATEGIES.get('pairs_trading')!, { ...SHORT_PARAMS.pairs_trading, method: 1 }],
  [STRATEGIES.get('trend_following')!, { ...SHORT_PARAMS.trend_following, atr_bars: 7 }],
  [smaCross, { fast_bars: 2, slow_bars: 5, allow_short: 1 }],
];

const price = fc.integer({ min: 90, max: 110 });
const prices = fc.array(price, { minLength: 30, maxLength: 60 });
const position = fc.option(
  fc.record({
    entryPrice: price,
    quantity: fc.constantFrom(-2, -0.5, 0.5, 2),
    barsHeld: fc.integer({ min: 1, max: 30 }),
  }),
  { nil: undefined },
);
interface Situation {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly positions: readonly [Partial<Holding> | undefined, Partial<Holding> | undefined];
}
const situation: fc.Arbitrary<Situation> = fc.record({
  first: prices,
  second: prices,
  positions: fc.tuple(position, position),
});

type Legs = readonly [LegView, ...LegView[]];

/** The legs of a strategy, each with the view that is made of its bars; both end at the same time. */
function legsOf(
  strategy: Strategy,
  { first, second, positions }: Situation,
  viewed: (bars: BarCursor) => BarCursor,
): Legs {
  const length = Math.min(first.length, second.length);
  const leg = (closes: readonly number[], held: Partial<Holding> | undefined) =>
    legOf(
      viewed(wholeView(seriesOf(closes.slice(0, length)))),
      held && heldAt(100, { entryMs: 60_000 * (length - 5), ...held }),
    );
  return strategy.legs === 1
    ? [leg(first, positions[0])]
    : [leg(first, positions[0]), leg(second, positions[1])];
}

/** A view that fails where more than so many bars are read. */
const guarded = (bars: BarCursor, lookback: number): BarCursor =>
  new Proxy(bars, {
    get(view, name) {
      const value: unknown = Reflect.get(view, name, view);
      if (typeof value !== 'function') return value;
      return (ago: number): unknown => {
        assert.ok(ago >= 0 && ago < lookback, `read ${String(name)} of ${ago} bars ago`);
        return Reflect.apply(value, view, [ago]);
      };
    },
  });

for (const [strategy, params] of CASES) {
  const lookback = strategy.lookbackBars(params);
  const name = `${strategy.name} of ${lookback} bars${params['method'] === 1 ? ' by regression' : ''}`;

  test(`${name} decides from its lookback alone, wherever the series begins`, () => {
    fc.assert(
      fc.property(situation, (given) => {
        const whole = decideOn(
          strategy,
          params,
          legsOf(strategy, given, (bars) => bars),
        );
        const tail = legsOf(strategy, given, (bars) => tailOf(bars, lookback));
        assert.deepEqual(decideOn(strategy, params, tail), whole);
        const watched = legsOf(strategy, given, (bars) => guarded(bars, lookback));
        assert.deepEqual(decideOn(strategy, params, watched), whole);
      }),
    );
  });

  test(`${name} says nothing that is no probability, share or price`, () => {
    fc.assert(
      fc.property(situation, (given) =>
        checkSignal(
          decideOn(
            strategy,
            params,
            legsOf(strategy, given, (bars) => bars),
          ),
          given,
        ),
      ),
    );
  });

  test(`${name} takes exactly its parameters`, () => {
    assert.deepEqual(Object.keys(params).toSorted(), strategy.paramNames.toSorted());
    assert.ok(strategy.schema.safeParse(params).success);
    for (const left of strategy.paramNames) {
      const { [left]: _left, ...rest } = params;
      assert.equal(strategy.schema.safeParse(rest).success, false, `${left} missing`);
      assert.equal(
        strategy.schema.safeParse({ ...params, [left]: Number.NaN }).success,
        false,
        `${left} NaN`,
      );
    }
    assert.equal(strategy.schema.safeParse({ ...params, leverage: 2 }).success, false);
  });
}

function checkSignal(decided: Signal | Hold, { positions }: Situation): void {
  if ('hold' in decided) return assert.match(decided.hold, /^[a-z_]+$/);
  const { direction, strength, confidence, holdingBars, reason, wishes } = decided;
  assert.match(reason, /^[a-z_]+$/);
  for (const share of [strength, confidence]) assert.ok(share >= 0 && share <= 1, `${reason} ${share}`);
  assert.ok(holdingBars >= 0 && holdingBars < Infinity, `${holdingBars}`);
  assert.ok(wishes.length > 0);
  for (const wish of wishes) {
    if (wish.kind === 'exit') assert.ok(positions[wish.leg], 'an exit of nothing');
    for (const size of wish.kind === 'quote' ? wish.quotes : wish.kind === 'enter' ? [wish] : [])
      assert.ok(size.equityFraction > 0 && size.equityFraction <= 1, `${size.equityFraction}`);
    for (const { price: quoted } of wish.kind === 'quote' ? wish.quotes : []) assert.ok(quoted > 0);
    if (wish.kind === 'enter' && wish.leg === 0) assert.equal(wish.side, direction === 1 ? 'buy' : 'sell');
    if (wish.kind !== 'enter' || !wish.protection) continue;
    for (const level of Object.values(wish.protection)) assert.ok(level > 0);
  }
}

test('each strategy is offered under its own name', () => {
  for (const [name, strategy] of STRATEGIES) assert.equal(strategy.name, name);
  assert.equal(STRATEGIES.size, 6);
});
