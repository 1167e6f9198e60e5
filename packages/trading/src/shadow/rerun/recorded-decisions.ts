import { OrderType, Side, TimeInForce } from '@aistock/shared';
import { z } from 'zod';
import type { CoreSetup, OrderRequest, SlotDecision, SlotSetup } from '../../core/index.ts';
import { decisionId } from '../../orders/index.ts';

const Amount = z.string().nullable();

/** What a line of the decision log says that was done; see `slotLine`. */
const SlotLine = z.object({
  kind: z.literal('slot'),
  at_ms: z.number(),
  bar_open_ms: z.number(),
  slot: z.string(),
  equity: Amount,
  cancels: z.array(z.object({ leg: z.string(), bar_open_ms: z.number() })),
  orders: z.array(
    z.object({
      leg: z.string(),
      side: Side,
      type: OrderType,
      quantity: z.string(),
      limit_price: Amount,
      stop_price: Amount,
      trail_bps: z.number().nullable(),
      time_in_force: TimeInForce,
      extended_hours: z.boolean(),
      reduce_only: z.boolean(),
      protection: z
        .object({ stop_price: Amount, target_price: Amount, trail_bps: z.number().nullable() })
        .nullable(),
    }),
  ),
});
type SlotLine = z.infer<typeof SlotLine>;

/** A decision as the log has it, and the account's equity that it was made with; null while that was unknown. */
export interface RecordedDecision {
  readonly decision: SlotDecision;
  /** Decimal text. */
  readonly equity: string | null;
}

/** The parameters' own decision is no part of the log. */
const CONFIG_UNKNOWN = '';

/** What a slot's line of the decision log tells; undefined for a line of another kind, or of a slot that is not there. */
export function recordedDecision(setup: CoreSetup, line: string): RecordedDecision | undefined {
  const { success, data } = SlotLine.safeParse(JSON.parse(line));
  const slot = success ? setup.slots.find(({ id }) => id === data.slot) : undefined;
  if (!success || !slot) return undefined;
  const { at_ms: atMs, bar_open_ms: barOpenMs, equity } = data;
  const identify = identifier(setup, slot);
  const decision: SlotDecision = {
    kind: 'slot',
    seq: 0,
    atMs,
    slot: slot.id,
    barOpenMs,
    signal: null,
    sizes: [],
    cancels: data.cancels.map(({ leg, bar_open_ms }) => identify(leg, bar_open_ms).decisionId),
    orders: data.orders.map((order) => ({
      ...requestOf(order),
      ...identify(order.leg, barOpenMs),
      barOpenMs,
      asOfMs: atMs,
    })),
    reasons: [],
  };
  return { decision, equity };
}

type Identity = Pick<OrderRequest, 'decisionId' | 'slot' | 'strategy' | 'instrument' | 'stream' | 'leg'>;

/** Names the orders of a slot: `entry_1` is of its second leg, a name without a number of its first. */
function identifier(
  { account, streams }: CoreSetup,
  { id: slot, strategy, streams: legs }: SlotSetup,
): (leg: string, barOpenMs: number) => Identity {
  return (leg, barOpenMs) => {
    const stream = legs[Number(/_(\d+)$/.exec(leg)?.[1] ?? 0)];
    const instrument = streams.find(({ id }) => id === stream)?.instrument;
    if (stream === undefined || instrument === undefined)
      throw new RangeError(`slot ${slot} has no leg for order ${leg}`);
    const named = { slot, strategy: strategy.name, instrument, stream, leg };
    return { ...named, decisionId: decisionId({ account, ...named, barOpenMs }) };
  };
}

function requestOf(order: SlotLine['orders'][number]) {
  const { protection } = order;
  return {
    configId: CONFIG_UNKNOWN,
    side: order.side,
    type: order.type,
    quantity: order.quantity,
    limitPrice: order.limit_price,
    stopPrice: order.stop_price,
    trailBps: order.trail_bps,
    timeInForce: order.time_in_force,
    extendedHours: order.extended_hours,
    reduceOnly: order.reduce_only,
    protection: protection && {
      stopPrice: protection.stop_price,
      targetPrice: protection.target_price,
      trailBps: protection.trail_bps,
    },
  };
}
