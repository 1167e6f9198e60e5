import { barsPerYear } from '@aistock/market';
import { Decimal, decimalText } from '../../decimal.ts';
import { entryQuantity, sizeEntry, tradeVolatility, type EntrySize } from '../../sizing/index.ts';
import type { Scope } from '../core-state.ts';
import { leastQuantity, type InstrumentRules } from '../instruments/instrument-rules.ts';
import { reasonCode } from '../reason-code.ts';
import type { Leg } from '../slot-state.ts';
import { drawdownOf } from '../books/drawdown.ts';
import { limitCap } from './limit-cap.ts';

/** What is to be sized. */
export interface SizeWish {
  readonly leg: Leg;
  /** Share of equity. */
  readonly fraction: number;
  /** The most that a unit may cost, decimal text. */
  readonly price: string;
  readonly rules: InstrumentRules;
  /** Whether the leg is left by the same decision. */
  readonly turns: boolean;
}

/** The quantity of an order in whole lots; null where there is none, which the verdict says. */
export function sizeOrder(scope: Scope, wish: SizeWish): string | null {
  return sizeOrders(scope, [wish])[0]!;
}

/**
 * The same for orders that are made together, one for each leg: what cuts one of them cuts all of them alike, for a leg
 * that is no longer in proportion hedges no longer.
 */
export function sizeOrders(scope: Scope, wishes: readonly SizeWish[]): (string | null)[] {
  const exactEquity = scope.state.books.equity;
  if (exactEquity === null) {
    scope.verdict.because('equity_unknown');
    return wishes.map(() => null);
  }
  const equity = decimalText(exactEquity);
  const wished = wishes.reduce((sum, { fraction }) => sum + fraction, 0);
  const sizes = wishes.map((wish) => sizeOf(scope, wish, { equity, share: wish.fraction / wished }));
  const shares = sizes.map((size, index) => size.fraction / wishes[index]!.fraction);
  const least = Math.min(...shares);
  const [alone] = wishes.length === 1 ? wishes : [];
  const probe = alone && probeOf(scope, alone, { equity, size: sizes[0]! });
  if (probe) return [probe];
  return wishes.map((wish, index) => {
    const size = sizes[index]!;
    if (!(shares[index]! > least)) return quantityOf(scope, wish, { size, equity });
    const cut = { fraction: wish.fraction * least, reasons: [...size.reasons, 'leg_ratio'] };
    return quantityOf(scope, wish, { size: cut, equity });
  });
}

/** What an order is sized by. */
interface SizeTerms {
  /** Decimal text. */
  readonly equity: string;
  /** Of what Kelly bets on all of them together, and of what the limits leave the account. */
  readonly share: number;
}

function sizeOf(
  { state, slot }: Scope,
  wish: SizeWish,
  terms: SizeTerms,
  sizing = state.setup.sizing,
): EntrySize {
  const { timeframe, calendar } = wish.leg.stream.setup;
  return sizeEntry(sizing, {
    wished: wish.fraction,
    kelly: slot.kelly.fraction === null ? null : slot.kelly.fraction * terms.share,
    volatility:
      sizing.volatilityTarget === null
        ? null
        : tradeVolatility(wish.leg.stream.cursor, barsPerYear(timeframe, calendar), sizing.volatilityBars),
    drawdown: drawdownOf(state),
    limitCap: limitCap(state, wish, terms),
  });
}

/**
 * The least that can be ordered, where Kelly leaves less than that of a wish that would pay for it: a slot that can never
 * enter again would never have a better record. Undefined where no such probe is due. Orders that are made together are not
 * probed, for they would be out of proportion.
 */
function probeOf(
  scope: Scope,
  wish: SizeWish,
  { size, equity }: { readonly size: EntrySize; readonly equity: string },
): string | undefined {
  const { price, rules } = wish;
  const wasCut = size.reasons.some(
    (reason) => reasonCode(reason) === 'kelly' || reasonCode(reason) === 'kelly_probe',
  );
  if (size.fraction === 0 || !wasCut) return undefined;
  if ('quantity' in entryQuantity({ equity, fraction: size.fraction, price, rules })) return undefined;
  const { sizing } = scope.state.setup;
  const whole = sizeOf(scope, wish, { equity, share: 1 }, { ...sizing, kellyShare: null });
  const affordable = entryQuantity({ equity, fraction: whole.fraction, price, rules });
  const least = leastQuantity(price, rules);
  if ('refused' in affordable || new Decimal(affordable.quantity).lt(least)) return undefined;
  const fraction = new Decimal(least).times(price).div(equity).toNumber();
  scope.verdict.sizes.push({ leg: wish.leg.index, fraction, reasons: [...size.reasons, 'probe_least'] });
  return least;
}

function quantityOf(
  { verdict }: Scope,
  wish: SizeWish,
  { size, equity }: { readonly size: EntrySize; readonly equity: string },
): string | null {
  verdict.sizes.push({ leg: wish.leg.index, ...size });
  if (size.fraction === 0) {
    verdict.because(reasonCode(size.reasons.at(-1) ?? 'size_zero'));
    return null;
  }
  const made = entryQuantity({ equity, fraction: size.fraction, price: wish.price, rules: wish.rules });
  if ('quantity' in made) return made.quantity;
  verdict.because(made.refused);
  return null;
}
