import { Decimal } from '../../decimal.ts';
import { shapeOrder, type OrderShape } from '../../session-rules/index.ts';
import type { Signal, Wish } from '../../strategies/index.ts';
import type { Scope } from '../core-state.ts';
import { countEntry, reasonsAgainstEntry } from './entry-reasons.ts';
import type { InstrumentRules } from '../instruments/instrument-rules.ts';
import { placeOrder, type OrderPlan } from './make-order.ts';
import { modelWord } from './model-word.ts';
import { isOppositeToOther } from './opposite-slot.ts';
import type { RequestedProtection } from '../order-request.ts';
import { isStopTooFar, protectionOf } from './protection.ts';
import { sizeOrders } from './size-order.ts';
import type { Leg } from '../slot-state.ts';
import { isProtecting, isWorking, type TrackedOrder } from '../books/tracked-order.ts';

type EnterWish = Extract<Wish, { kind: 'enter' }>;

/** An entry that is looked at: what it would be if nothing speaks against it. */
interface Entry {
  readonly wish: EnterWish;
  readonly leg: Leg;
  /** Whether the leg is left by the same decision. */
  readonly turns: boolean;
  readonly shape: OrderShape;
  readonly rules: InstrumentRules;
  /** The most that a unit may cost, decimal text. */
  readonly price: string;
  /** Where the entry can be expected to fill, decimal text: a limit through the market at the newest close. */
  readonly expected: string;
}

/**
 * Makes all wished entries or, where one of them cannot be made, none: half of a pair is no pair. Every reason against any of
 * them is told.
 * @param leaving legs that the same decision leaves.
 */
export function enterLegs(scope: Scope, signal: Signal, leaving: ReadonlySet<number>): void {
  const { slot, verdict } = scope;
  const wishes = signal.wishes.filter((wish) => wish.kind === 'enter');
  if (wishes.length === 0) return;
  const against = wishes.flatMap(({ style }) => reasonsAgainstEntry(scope, style.type));
  for (const reason of against) verdict.because(reason);
  const entries = wishes.map((wish) => lookAt(scope, wish, leaving));
  const word = modelWord(slot, slot.params!, signal.direction);
  if (word.reason !== null) verdict.because(word.reason);
  if (against.length > 0 || word.factor === 0) return;
  for (const { working } of entries) if (working) verdict.keep(working);
  const plans = planEntries(
    scope,
    entries.flatMap(({ entry }) => entry ?? []),
    word.factor,
  );
  if (plans.length < entries.length) return;
  for (const plan of plans) placeOrder(scope, plan);
  countEntry(scope);
}

/** Those of the entries that can be made; the verdict says why others cannot. */
function planEntries(scope: Scope, entries: readonly Entry[], factor: number): OrderPlan[] {
  const protections = entries.map((entry) => protectionBehind(scope, entry));
  if (protections.includes(undefined)) return [];
  if (entries.some((entry, index) => isTooFar(scope, entry, protections[index]!))) {
    scope.verdict.because('stop_too_far');
    return [];
  }
  const quantities = sizeOrders(
    scope,
    entries.map(({ wish, ...entry }) => ({ ...entry, fraction: wish.equityFraction * factor })),
  );
  return entries.flatMap(({ wish: { side }, leg, shape }, index) => {
    const quantity = quantities[index]!;
    const protection = protections[index]!;
    return quantity === null
      ? []
      : { leg, name: 'entry', side, quantity, shape, reduceOnly: false, protection };
  });
}

/** The exits that wait behind an entry; null where none are wished, undefined where they cannot be. */
function protectionBehind(
  { verdict }: Scope,
  { wish, expected, rules }: Entry,
): RequestedProtection | null | undefined {
  if (!wish.protection) return null;
  const protection = protectionOf(wish.protection, { side: wish.side, price: expected }, rules);
  if (!protection) verdict.because('protection_invalid');
  return protection;
}

/** Whether the gate would refuse the entry for how far away its stop is, or one behind it. */
function isTooFar(
  { state }: Scope,
  { leg: { stream }, shape: { stopPrice }, expected }: Entry,
  protection: RequestedProtection | null,
): boolean {
  const limits = state.limits?.instruments[stream.setup.instrument];
  if (!limits) return false;
  return isStopTooFar(limits, { stopPrice, lastPrice: stream.closeText!, expected, protection });
}

/** A wish that was looked at: an entry that could be made, or the working order that it wishes for once more. */
interface Seen {
  readonly entry?: Entry;
  readonly working?: TrackedOrder;
}

/** What a wish would become; nothing where its leg or its price is against it, which the verdict says. */
function lookAt(scope: Scope, wish: EnterWish, leaving: ReadonlySet<number>): Seen {
  const { slot, state, atMs, verdict } = scope;
  const leg = slot.legs[wish.leg];
  if (!leg) throw new RangeError(`${slot.setup.strategy.name} has no leg ${wish.leg}`);
  const turns = leaving.has(wish.leg);
  if (leg.isHeld && !turns) return refused(scope, 'already_entered');
  const { calendar, timeframe, instrument } = leg.stream.setup;
  if (isOppositeToOther(scope, instrument, wish.side)) return refused(scope, 'opposite_to_other_slot');
  const rules = leg.stream.rulesAt(atMs);
  const lastPrice = leg.stream.closeText;
  if (!rules) return refused(scope, 'rules_unknown');
  if (lastPrice === null) return refused(scope, 'warming_up');
  const shape = shapeOrder(state.setup.orders, {
    purpose: 'entry',
    side: wish.side,
    style: wish.style,
    lastPrice,
    rules,
    calendar,
    timeframe,
    closeMs: atMs,
  });
  if ('refused' in shape) return refused(scope, shape.refused);
  const working = workingEntry(scope, leg);
  if (working) {
    verdict.because('order_working');
    return isWorking(working) && isSame(working, wish, shape) ? { working } : {};
  }
  const price = shape.limitPrice ?? shape.stopPrice ?? lastPrice;
  const expected = shape.limitPrice === null ? price : better(wish.side, shape.limitPrice, lastPrice);
  return { entry: { wish, leg, turns, shape, rules, price, expected } };
}

/** Of two prices the better for the one who orders. */
function better(side: EnterWish['side'], limitPrice: string, lastPrice: string): string {
  const isLimitBetter = new Decimal(limitPrice).lt(lastPrice) === (side === 'buy');
  return isLimitBetter ? limitPrice : lastPrice;
}

/** An entry of the leg that may still fill; or one whose exits may, since they would leave what is entered now. */
function workingEntry({ slot, verdict }: Scope, leg: Leg): TrackedOrder | undefined {
  for (const order of slot.orders.values()) {
    if (order.legIndex !== leg.index || !order.request.leg.startsWith('entry')) continue;
    if (isWorking(order)) return order;
    if (!isProtecting(order) || verdict.cancels.includes(order)) continue;
    verdict.cancel(order);
    return order;
  }
  return undefined;
}

/** Whether a working order is what is wished for once more. */
function isSame({ request }: TrackedOrder, wish: EnterWish, shape: OrderShape): boolean {
  return (
    request.side === wish.side &&
    request.type === shape.type &&
    request.limitPrice === shape.limitPrice &&
    request.stopPrice === shape.stopPrice
  );
}

function refused({ verdict }: Scope, reason: string): Seen {
  verdict.because(reason);
  return {};
}
