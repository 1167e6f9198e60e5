import { z } from 'zod';
import { OrderType, PositiveDecimal, Side, TimeInForce } from '../vocabulary.ts';

/** Distance of a trailing stop from the best price seen, in basis points of that price. */
const TrailBps = z.number().gt(0).lt(10_000);

/** The exits of a bracket: they begin to work when its entry fills, for what has filled, and one cancels the other. */
export const Protection = z
  .strictObject({
    /** Where the loss is taken; with `trail_bps` where the trailing stop starts. */
    stop_price: PositiveDecimal.nullable(),
    /** Where the profit is taken, by a limit order. */
    target_price: PositiveDecimal.nullable(),
    trail_bps: TrailBps.nullable(),
  })
  .refine(({ stop_price, target_price, trail_bps }) => stop_price ?? target_price ?? trail_bps, {
    message: 'must have at least one of stop_price, target_price and trail_bps',
  })
  .meta({ id: 'Protection', description: 'The orders that wait behind the entry of a bracket.' });
export type Protection = z.infer<typeof Protection>;

/** Which exit of a bracket an order is. */
export const BracketPart = z.enum(['stop', 'target']);
export type BracketPart = z.infer<typeof BracketPart>;

/** What an order is, without whose it is and what for. */
export const orderShape = {
  side: Side,
  order_type: OrderType,
  quantity: PositiveDecimal,
  limit_price: PositiveDecimal.nullable(),
  stop_price: PositiveDecimal.nullable(),
  trail_bps: TrailBps.nullable(),
  time_in_force: TimeInForce,
  /** Whether it may also fill before and after the regular hours. */
  extended_hours: z.boolean(),
  reduce_only: z.boolean(),
  /** Null for an order without exits of its own. */
  protection: Protection.nullable(),
} as const;

interface OrderParts {
  readonly side: Side;
  readonly order_type: OrderType;
  readonly limit_price: string | null;
  readonly stop_price: string | null;
  readonly trail_bps: number | null;
  readonly reduce_only: boolean;
  readonly protection: Protection | null;
}

/** Which prices an order of each type has; all others are null. */
const PRICES: Readonly<Record<OrderType, readonly ('limit_price' | 'stop_price' | 'trail_bps')[]>> = {
  market: [],
  limit: ['limit_price'],
  stop: ['stop_price'],
  stop_limit: ['limit_price', 'stop_price'],
  trailing_stop: ['trail_bps'],
};

/** How the parts of an order fit together; each problem names its field. */
export function refineOrder(order: OrderParts, context: z.core.$RefinementCtx): void {
  const problem = (path: string[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  for (const field of ['limit_price', 'stop_price', 'trail_bps'] as const) {
    const wanted = PRICES[order.order_type].includes(field);
    if (wanted !== (order[field] !== null)) {
      problem([field], `must be ${wanted ? 'given' : 'null'} for a ${order.order_type} order`);
    }
  }
  const { protection } = order;
  if (!protection) return;
  if (order.reduce_only) problem(['protection'], 'must be null for an order that only reduces');
  const { stop_price: stop, target_price: target } = protection;
  if (stop === null || target === null) return;
  const [low, high] = order.side === 'buy' ? [stop, target] : [target, stop];
  if (!isBelow(low, high)) {
    const side = order.side === 'buy' ? 'above' : 'below';
    problem(['protection', 'target_price'], `must be ${side} stop_price for a ${order.side}`);
  }
}

const FRACTION_DIGITS = 12;

/** Compares two positive decimal texts digit by digit: as numbers they could come out equal. */
function isBelow(left: string, right: string): boolean {
  const width = Math.max(left.length, right.length);
  return digits(left, width) < digits(right, width);
}

function digits(text: string, width: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  return whole.padStart(width, '0') + fraction.padEnd(FRACTION_DIGITS, '0');
}
