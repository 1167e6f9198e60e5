import { Decimal } from '../decimal.ts';
import type { VenueOrder } from './venue-order.ts';

/** Where an order meets the market in a bar. */
export interface Meeting {
  /** Where the market is: at the open, later in the bar where a late order finds it, or at the order's own price. */
  readonly price: Decimal;
  /** Whether all that the bar traded comes after it; otherwise its high and low may have been there before. */
  readonly seesWholeBar: boolean;
}

/** An order on its way through one bar. */
export class WorkingOrder {
  order: VenueOrder;
  /** Undefined for an order that waits outside: it is not there yet, or may not trade at this hour. */
  readonly meeting: Meeting | undefined;
  /** Whether the bar can still fill it: an order takes its part of a bar once. */
  isOpen: boolean;
  hasEnded = false;

  constructor(order: VenueOrder, meeting: Meeting | undefined) {
    this.order = order;
    this.meeting = meeting;
    this.isOpen = meeting !== undefined;
  }

  get remaining(): Decimal {
    const { quantity, filled } = this.order;
    return filled === '0' ? new Decimal(quantity) : new Decimal(quantity).minus(filled);
  }

  change(change: Partial<VenueOrder>): void {
    this.order = { ...this.order, ...change };
  }

  end(): void {
    this.hasEnded = true;
    this.isOpen = false;
  }
}

/** Whether an order waits for a stop to be touched. */
export function isPendingStop({ type, triggered }: VenueOrder): boolean {
  return !triggered && (type === 'stop' || type === 'stop_limit' || type === 'trailing_stop');
}

/** Takes what it can when it comes in, and ends. */
export function isImmediate({ timeInForce }: VenueOrder): boolean {
  return timeInForce === 'ioc' || timeInForce === 'fok';
}

/** The limit that binds an order; undefined where none does. @throws RangeError where the type asks for one. */
export function limitOf({ type, limitPrice }: VenueOrder): Decimal | undefined {
  if (type !== 'limit' && type !== 'stop_limit') return undefined;
  if (limitPrice === null) throw new RangeError(`a ${type} order needs a limit price`);
  return new Decimal(limitPrice);
}
