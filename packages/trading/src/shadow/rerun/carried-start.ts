import type { BacktestStart } from '../../backtest/index.ts';
import type { StreamSetup } from '../../core/index.ts';
import { readSnapshot } from '../../core/snapshot/snapshot.ts';
import type { SlotSnapshot } from '../../core/snapshot/snapshot-schema.ts';
import { isProtecting, isWorking, type TrackedOrder } from '../../core/books/tracked-order.ts';
import { Decimal, decimalText } from '../../decimal.ts';
import { exitsOf } from '../../fills/bracket.ts';
import { fillCosts, matchBar, venueOrder, type FillCosts, type VenueOrder } from '../../fills/index.ts';
import { sum } from '../../portfolio/index.ts';
import type { BarsByStream, ShadowDay } from '../shadow-day.ts';

/** Orders that no venue has yet. */
const NOT_SENT: ReadonlySet<string> = new Set(['PENDING', 'CHECKED']);
/** More than any order costs. */
const CASH_ENOUGH = '1e30';

/** What a day begins with: the account, and the orders of earlier days that may still fill, as their venue has them. */
export function carriedStart({ setup, costs, start }: Omit<ShadowDay, 'closes' | 'known'>): BacktestStart {
  const { cash, slots } = readSnapshot(setup, start.snapshot);
  const held = new Map<string, string>();
  const working = new Map<string, VenueOrder[]>();
  const unsent: BacktestStart['unsent'][number][] = [];
  const models = fillCosts(costs);
  for (const [index, slot] of slots.entries()) {
    const legs = setup.slots[index]!.streams.map((id) => setup.streams.find((stream) => stream.id === id)!);
    for (const [leg, { book }] of slot.legs.entries()) {
      const { instrument } = legs[leg]!;
      held.set(instrument, sum(held.get(instrument) ?? '0', book.position.quantity));
    }
    for (const order of slot.orders) {
      const { request } = order;
      if (NOT_SENT.has(order.status) && !start.takenBack.includes(request.decisionId)) {
        unsent.push(request);
        continue;
      }
      const stream = legs[order.legIndex]!;
      const placed = ordersOf(order, slot, models).map((each) => aged(each, stream, { models, start }));
      working.set(stream.id, [...(working.get(stream.id) ?? []), ...placed]);
    }
  }
  for (const [instrument, quantity] of held) if (quantity === '0') held.delete(instrument);
  const ids = new Set(slots.flatMap(({ orders }) => orders.map(({ request }) => request.decisionId)));
  return {
    snapshot: start.snapshot,
    cash,
    held,
    working,
    unsent,
    takenBack: start.takenBack.filter((id) => ids.has(id)),
  };
}

/** The order itself while it may fill, and the exits behind it that may. */
function ordersOf(order: TrackedOrder, { legs }: SlotSnapshot, { latencyMs }: FillCosts): VenueOrder[] {
  const { request, filled, legIndex, endedExits } = order;
  const { decisionId, asOfMs } = request;
  const entry = { ...venueOrder(decisionId, request, asOfMs + latencyMs), filled };
  const { book, entryMs } = legs[legIndex]!;
  const left = new Decimal(book.position.quantity).abs();
  const filledMs = Math.max(entry.placedMs, entryMs ?? 0);
  const exits = isProtecting(order)
    ? exitsOf(entry, left, filledMs).filter(({ parent }) => !endedExits.includes(parent!.part))
    : [];
  return isWorking(order) ? [entry, ...exits] : exits;
}

/**
 * An order as the bars that passed since it was placed have left it: in the book, triggered, or with the best price that a
 * trailing stop has seen. It did not fill, whatever these bars say.
 */
function aged(
  order: VenueOrder,
  { id, timeframe, calendar }: StreamSetup,
  { models, start }: { readonly models: FillCosts; readonly start: { readonly bars: BarsByStream } },
): VenueOrder {
  const quantity =
    order.side === 'sell' ? order.quantity : decimalText(new Decimal(order.quantity).negated());
  let aging = order;
  for (const bar of start.bars.get(id) ?? []) {
    if (bar.openMs + models.latencyMs < order.placedMs) continue;
    const terms = { costs: models, timeframe, calendar };
    const { orders } = matchBar([aging], bar, { cash: CASH_ENOUGH, quantity }, terms);
    const left = orders.find(({ orderId }) => orderId === order.orderId);
    if (left?.filled === order.filled) aging = left;
  }
  return aging;
}
