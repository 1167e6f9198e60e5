import { decimalText } from '../decimal.ts';
import type { Signal, Wish } from '../strategies/index.ts';
import type { Scope } from './core-state.ts';
import { reasonsAgainstEntry } from './entry-reasons.ts';
import { meetsMinimum, priceOnTick, quantityOnLot } from './instrument-rules.ts';
import { placeOrder } from './make-order.ts';
import { modelWord } from './model-word.ts';
import { sizeOrder } from './size-order.ts';
import type { Leg } from './slot-state.ts';
import { isWorking } from './tracked-order.ts';

type QuoteWish = Extract<Wish, { kind: 'quote' }>;
type Quote = QuoteWish['quotes'][number];

/** What quotes may do: by how much they are scaled, and 0 where they may only reduce what is held. */
interface QuoteTerms {
  readonly leg: Leg;
  readonly factor: number;
}

/** Replaces the working quotes of each leg that the signal quotes in; where entries are refused, only by such as reduce. */
export function quoteLegs(scope: Scope, signal: Signal): void {
  const { state, slot, verdict } = scope;
  const wishes = signal.wishes.filter((wish) => wish.kind === 'quote');
  if (wishes.length === 0) return;
  const against = reasonsAgainstEntry(scope, 'limit');
  const word = modelWord(slot, slot.params!, signal);
  if (word.reason !== null) against.push(word.reason);
  for (const reason of against) verdict.because(reason);
  const mayAdd = against.length === 0 || (against.length === 1 && against[0] === word.reason);
  const isHalted = state.firmState === 'halted' || slot.tradingState === 'halted';
  for (const wish of wishes) {
    const leg = slot.legs[wish.leg];
    if (!leg) throw new RangeError(`${slot.setup.strategy.name} has no leg ${wish.leg}`);
    if (cancelQuotes(scope, leg) && !isHalted)
      quoteLeg(scope, wish, { leg, factor: mayAdd ? word.factor : 0 });
  }
}

/** False where it is not known what became of a quote: until then nothing takes its place. */
function cancelQuotes({ slot, verdict }: Scope, leg: Leg): boolean {
  let isKnown = true;
  for (const order of slot.orders.values()) {
    if (order.legIndex !== leg.index || !order.request.leg.startsWith('quote') || !isWorking(order)) continue;
    verdict.cancel(order);
    if (order.status === 'UNKNOWN') isKnown = false;
  }
  return isKnown;
}

function quoteLeg(scope: Scope, { quotes }: QuoteWish, { leg, factor }: QuoteTerms): void {
  const made = { buy: 0, sell: 0 };
  for (const quote of quotes) {
    const rules = leg.stream.rulesAt(scope.atMs);
    if (!rules) {
      scope.verdict.because('rules_unknown');
      return;
    }
    const price = priceOnTick(quote.price, quote.side, 'in_favour', rules);
    if (price === null) {
      scope.verdict.because('price_below_tick');
      continue;
    }
    const quantity =
      factor > 0
        ? sizeOrder(scope, { leg, fraction: quote.equityFraction * factor, price, rules, turns: false })
        : reducingQuantity(leg, quote);
    if (quantity === null) continue;
    const onLot = quantityOnLot(quantity, rules);
    if (onLot === null || !meetsMinimum(onLot, price, rules)) continue;
    const ordinal = ++made[quote.side];
    placeOrder(scope, {
      leg,
      name: ordinal === 1 ? `quote_${quote.side}` : `quote_${quote.side}_n${ordinal}`,
      side: quote.side,
      quantity: onLot,
      shape: { type: 'limit', limitPrice: price, stopPrice: null, timeInForce: 'gtc', extendedHours: false },
      reduceOnly: factor === 0,
      protection: null,
    });
  }
}

/** All that is held, where the quote is on the side that leaves it; null on the other, and where it was quoted already. */
function reducingQuantity({ book }: Leg, { side }: Quote): string | null {
  if (book.quantity === 0 || book.quantity > 0 !== (side === 'sell')) return null;
  return decimalText(book.position.quantity.abs());
}
