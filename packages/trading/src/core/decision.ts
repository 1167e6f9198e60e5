import type { Signal } from '../strategies/index.ts';
import type { OrderRequest } from './order-request.ts';

/** How large a wished order was made, and why. */
export interface SizeVerdict {
  /** Index of the leg that it is for. */
  readonly leg: number;
  /** Share of equity. */
  readonly fraction: number;
  /** Stable codes with their numbers, such as `kelly 0.12` or `drawdown_cut 0.5`. */
  readonly reasons: readonly string[];
}

/** What a slot decided at a bar's close; also where it did nothing. */
export interface SlotDecision {
  readonly kind: 'slot';
  readonly seq: number;
  /** The bar's close, Unix ms. */
  readonly atMs: number;
  readonly slot: string;
  readonly barOpenMs: number;
  readonly signal: Signal | null;
  /** One for each entry or quote that was sized. */
  readonly sizes: readonly SizeVerdict[];
  /** Orders to be cancelled first, by decision id. */
  readonly cancels: readonly string[];
  readonly orders: readonly OrderRequest[];
  /** Every reason for and against, in the order in which they were met; stable codes. Never empty. */
  readonly reasons: readonly string[];
}

/** Which slots may enter from now on. */
export interface SelectionDecision {
  readonly kind: 'selection';
  readonly seq: number;
  readonly atMs: number;
  readonly slots: readonly {
    readonly slot: string;
    readonly enabled: boolean;
    readonly score: number;
    readonly reasons: readonly string[];
  }[];
}

export type Decision = SlotDecision | SelectionDecision;
