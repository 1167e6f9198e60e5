import { Decimal, decimalText } from '../../decimal.ts';
import { shapeOrder, type ShapedOrder } from '../../session-rules/index.ts';
import { entryQuantity } from '../../sizing/index.ts';
import type { Signal, Wish } from '../../strategies/index.ts';
import type { Scope } from '../core-state.ts';
import { reasonsAgainstEntry } from './entry-reasons.ts';
import { exitQuantity } from '../instruments/dust.ts';
import type { InstrumentRules } from '../instruments/instrument-rules.ts';
import { placeOrder } from './make-order.ts';
import { modelWord } from './model-word.ts';
import { isOppositeToOther } from './opposite-slot.ts';
import { sizeOrder } from './size-order.ts';
import type { Leg } from '../slot-state.ts';
import { isQuote, isWorking } from '../books/tracked-order.ts';
import type { Verdict } from './verdict.ts';

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
  const word = modelWord(slot, slot.params!, signal.direction);
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
    if (order.legIndex !== leg.index || !isQuote(order) || !isWorking(order)) continue;
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
    const own = factorOf(scope, quote, { leg, factor });
    const shape = shapeOf(scope, quote, { leg, factor: own, rules });
    if ('refused' in shape) {
      scope.verdict.because(shape.refused);
      continue;
    }
    const limitPrice = shape.limitPrice!;
    const onLot = quoteQuantity(scope, { ...quote, leg, factor: own, limitPrice, rules });
    if (onLot === null) continue;
    const ordinal = ++made[quote.side];
    placeOrder(scope, {
      leg,
      name: ordinal === 1 ? `quote_${quote.side}` : `quote_${quote.side}_n${ordinal}`,
      side: quote.side,
      quantity: onLot,
      shape,
      reduceOnly: own === 0,
      protection: null,
    });
  }
}

/** A quote in the hours in which it will work: a limit order, which extended hours take. */
function shapeOf(
  { state, atMs }: Scope,
  { side, price }: Quote,
  { leg, factor, rules }: QuoteTerms & { readonly rules: InstrumentRules },
): ShapedOrder {
  const { calendar, timeframe } = leg.stream.setup;
  return shapeOrder(state.setup.orders, {
    purpose: factor === 0 ? 'exit' : 'entry',
    side,
    style: { type: 'limit', limitPrice: price },
    lastPrice: leg.stream.closeText!,
    rules,
    calendar,
    timeframe,
    closeMs: atMs,
  });
}

/** The factor of one quote: on the side that is opposite to another slot it may only reduce. */
function factorOf(scope: Scope, { side }: Quote, { leg, factor }: QuoteTerms): number {
  if (factor === 0 || !isOppositeToOther(scope, leg.stream.setup.instrument, side)) return factor;
  scope.verdict.because('opposite_to_other_slot');
  return 0;
}

/** A quote that is looked at. */
interface PricedQuote extends Quote, QuoteTerms {
  /** On the tick, decimal text. */
  readonly limitPrice: string;
  readonly rules: InstrumentRules;
}

/**
 * The quantity of a quote in whole lots; null where there is none. What only reduces what is held is taken as it was wished:
 * no rule that makes entries smaller may keep what is held from being left.
 */
function quoteQuantity(scope: Scope, quote: PricedQuote): string | null {
  const { leg, factor, equityFraction: fraction, limitPrice: price, rules } = quote;
  const { verdict, state } = scope;
  const held = reducingQuantity(leg, quote);
  const { equity } = state.books;
  if (held === null)
    return factor > 0
      ? sizeOrder(scope, { leg, fraction: fraction * factor, price, rules, turns: false })
      : null;
  const reducing = exitQuantity(held, price, rules);
  if (factor === 0 || equity === null) return reducing ?? refused(verdict, 'dust');
  const wished = entryQuantity({ equity: decimalText(equity), fraction, price, rules });
  if ('refused' in wished) return refused(verdict, wished.refused);
  if (new Decimal(wished.quantity).lte(held)) return wished.quantity;
  const sized = sizeOrder(scope, { leg, fraction: fraction * factor, price, rules, turns: false });
  return sized !== null && new Decimal(sized).gt(held) ? sized : reducing;
}

function refused(verdict: Verdict, reason: string): null {
  verdict.because(reason);
  return null;
}

/** All that is held, where the quote is on the side that leaves it; null on the other, and where it was quoted already. */
function reducingQuantity({ book }: Leg, { side }: Quote): string | null {
  if (book.quantity === 0 || book.quantity > 0 !== (side === 'sell')) return null;
  return decimalText(book.position.quantity.abs());
}
