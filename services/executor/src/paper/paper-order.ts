import type { PaperOrderRow } from '@aistock/database';
import type { Protection } from '@aistock/shared';
import type { VenueOrder } from '@aistock/trading/fills';
import { exitClientOrderId } from '@aistock/trading/orders';

/** A row as the venue's rules take it; it goes by the venue's own id. */
export function toVenueOrder(row: PaperOrderRow): VenueOrder {
  const { parent_broker_order_id: parentId, part } = row;
  return {
    orderId: row.broker_order_id,
    side: row.side,
    type: row.order_type,
    quantity: row.quantity,
    filled: row.filled,
    limitPrice: row.limit_price,
    stopPrice: row.stop_price,
    trailBps: row.trail_bps,
    timeInForce: row.time_in_force,
    extendedHours: row.extended_hours,
    reduceOnly: row.reduce_only,
    protection: row.protection && toProtection(row.protection),
    placedMs: row.placed_at.getTime(),
    triggered: row.triggered,
    resting: row.resting,
    bestPrice: row.best_price,
    parent: parentId !== null && part !== null ? { orderId: parentId, part } : null,
  };
}

function toProtection({ stop_price, target_price, trail_bps }: Protection): VenueOrder['protection'] {
  return { stopPrice: stop_price, targetPrice: target_price, trailBps: trail_bps };
}

/** The row of an exit that a bracket's entry has brought: of the entry's account and stream, under a client id of its own. */
export function exitRow(exit: VenueOrder, entry: PaperOrderRow) {
  if (!exit.parent) throw new Error(`order ${exit.orderId} is no exit of a bracket`);
  const { account, instrument, stream } = entry;
  return {
    broker_order_id: exit.orderId,
    account,
    client_order_id: exitClientOrderId(entry.client_order_id, exit.parent.part),
    instrument,
    stream,
    side: exit.side,
    order_type: exit.type,
    limit_price: exit.limitPrice,
    stop_price: exit.stopPrice,
    trail_bps: exit.trailBps,
    time_in_force: exit.timeInForce,
    extended_hours: exit.extendedHours,
    reduce_only: exit.reduceOnly,
    protection: null,
    parent_broker_order_id: exit.parent.orderId,
    part: exit.parent.part,
    placed_at: new Date(exit.placedMs),
  };
}
