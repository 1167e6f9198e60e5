import { barsPerYear } from '@aistock/market';
import type { Limits } from '@aistock/shared';
import { Decimal, decimalText } from '../../decimal.ts';
import { ZERO } from '../../portfolio/index.ts';
import { grossNotional, type InstrumentExposure } from '../../risk/exposure.ts';
import {
  capByLimits,
  entryQuantity,
  sizeEntry,
  tradeVolatility,
  type CapInputs,
  type EntrySize,
} from '../../sizing/index.ts';
import type { CoreState, Scope } from '../core-state.ts';
import type { InstrumentRules } from '../instruments/instrument-rules.ts';
import { reasonCode } from '../reason-code.ts';
import type { Leg } from '../slot-state.ts';
import { isWorking } from '../books/tracked-order.ts';

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

function sizeOf({ state, slot }: Scope, wish: SizeWish, terms: SizeTerms): EntrySize {
  const { setup } = state;
  const { timeframe, calendar } = wish.leg.stream.setup;
  return sizeEntry(setup.sizing, {
    wished: wish.fraction,
    kelly: slot.kelly.fraction === null ? null : slot.kelly.fraction * terms.share,
    volatility:
      setup.sizing.volatilityTarget === null
        ? null
        : tradeVolatility(
            wish.leg.stream.cursor,
            barsPerYear(timeframe, calendar),
            setup.sizing.volatilityBars,
          ),
    drawdown: drawdownOf(state),
    limitCap: limitCap(state, wish, terms),
  });
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

/** Of the account's equity below its highest; null while it is unknown. */
function drawdownOf({ books, equityPeak }: CoreState): number | null {
  const equity = books.equityFloat;
  return equity === null || !(equityPeak > 0) ? null : Math.max(0, 1 - equity / equityPeak);
}

/** The largest share that the limits leave; null where none are asked. */
function limitCap(
  state: CoreState,
  { leg, price, turns }: SizeWish,
  { equity, share }: SizeTerms,
): number | null {
  const { limits } = state.setup;
  if (limits === null) return null;
  const { instrument } = leg.stream.setup;
  if (leavesPlenty(state, limits, { instrument, price, equity, accountShare: share })) return 1;
  let own = ZERO;
  let account = ZERO;
  // The gate values what is held and what is ordered at one price, the highest of all.
  let valued = new Decimal(price);
  for (const each of state.instruments) {
    const exposure = exposureIn(state, each, turns ? leg : undefined);
    if (each === instrument && valued.lt(exposure.price)) valued = exposure.price;
    const gross = grossNotional(each === instrument ? { ...exposure, price: valued } : exposure);
    account = account.plus(gross);
    if (each === instrument) own = gross;
  }
  const cap = capByLimits(limits, {
    instrument,
    price: decimalText(valued),
    equity,
    grossInstrument: decimalText(own),
    grossAccount: decimalText(account),
    accountShare: share,
  });
  return cap * (Number(price) / valued.toNumber());
}

/** How many times the equity must be left for the limits to be surely no bound, whatever float64 rounds. */
const PLENTY = 2;

/** Whether the limits leave so much more than all of the equity that they need not be looked at in decimals. */
function leavesPlenty(
  { slots }: CoreState,
  limits: Limits,
  { instrument, price, equity, accountShare }: Omit<CapInputs, 'grossInstrument' | 'grossAccount'>,
): boolean {
  const own = Object.hasOwn(limits.instruments, instrument) ? limits.instruments[instrument] : undefined;
  if (!own) return false;
  let gross = 0;
  for (const { legs, orders } of slots) {
    if (orders.size > 0) return false;
    for (const { book, stream } of legs)
      if (book.quantity !== 0) gross += Math.abs(book.quantity) * stream.cursor.close(0);
  }
  const room = Math.min(
    Number(own.notional_max),
    Number(own.quantity_max) * Number(price),
    Number(own.gross_notional_max) - gross,
    (Number(limits.gross_notional_max) - gross) * accountShare,
  );
  return Number(equity) > 0 && room > PLENTY * Number(equity);
}

/** What is held and may fill in an instrument, at the newest close. @param leaving is counted as left. */
function exposureIn(state: CoreState, instrument: string, leaving: Leg | undefined): InstrumentExposure {
  let held = ZERO;
  let buying = ZERO;
  let selling = ZERO;
  let price = ZERO;
  for (const slot of state.slots) {
    for (const leg of slot.legs) {
      if (leg.stream.setup.instrument !== instrument) continue;
      price = Decimal.max(price, leg.stream.closeText ?? 0);
      if (leg !== leaving && leg.book.quantity !== 0) held = held.plus(leg.book.position.quantity);
    }
    for (const order of slot.orders.values()) {
      if (order.request.instrument !== instrument || !isWorking(order)) continue;
      const open = new Decimal(order.request.quantity).minus(order.filled);
      if (order.request.side === 'buy') buying = buying.plus(open);
      else selling = selling.plus(open);
      price = Decimal.max(price, order.request.limitPrice ?? 0);
    }
  }
  return { held, buying, selling, price };
}
