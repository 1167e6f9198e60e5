import type { Signal } from '../../strategies/index.ts';
import type { SizeVerdict } from '../decision.ts';
import type { OrderRequest } from '../order-request.ts';
import type { TrackedOrder } from '../books/tracked-order.ts';

/** An order that a decision makes, and the leg that it is for. */
export interface PlacedOrder {
  readonly request: OrderRequest;
  readonly legIndex: number;
}

/** A decision while it is made. One object serves them all: a bar at which nothing happens leaves nothing behind. */
export class Verdict {
  signal: Signal | null = null;
  readonly sizes: SizeVerdict[] = [];
  readonly cancels: TrackedOrder[] = [];
  readonly orders: PlacedOrder[] = [];
  readonly reasons: string[] = [];
  /** Working orders that were wished for once more. */
  readonly #kept: TrackedOrder[] = [];

  clear(): void {
    this.reasons.length = 0;
    if (this.#kept.length > 0) this.#kept.length = 0;
    if (this.signal === null && !this.acts) return; // the next bar after one at which nothing happened
    this.signal = null;
    this.sizes.length = 0;
    this.cancels.length = 0;
    this.orders.length = 0;
  }

  /** Tells a reason, once. */
  because(reason: string): void {
    if (!this.reasons.includes(reason)) this.reasons.push(reason);
  }

  cancel(order: TrackedOrder): void {
    if (!this.cancels.includes(order)) this.cancels.push(order);
  }

  keep(order: TrackedOrder): void {
    this.#kept.push(order);
  }

  isKept(order: TrackedOrder): boolean {
    return this.#kept.includes(order);
  }

  /** Whether anything is to be done. */
  get acts(): boolean {
    return this.cancels.length > 0 || this.orders.length > 0;
  }
}
