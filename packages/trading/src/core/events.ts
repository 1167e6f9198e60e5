import type { Bar } from '@aistock/market';
import type { Limits, OrderStatus, Side } from '@aistock/shared';
import type { RegimeView } from '../strategies/index.ts';
import type { SlotParams } from './setup.ts';

/**
 * Whether a stream's bars may be traded on: the verdict of data_ingester, or `unknown` where there is none to be had.
 * `block` and `unknown` enter nothing; what is held can always be left.
 */
export type StreamQuality = 'pass' | 'warn' | 'block' | 'unknown';

export type TradingState = 'active' | 'reducing' | 'halted';

/** A part of an order was executed. Decimal text. */
export interface FillEvent {
  readonly type: 'fill';
  readonly decisionId: string;
  /** Unique; a fill that was booked already changes nothing. */
  readonly fillId: string;
  /** The leg of a bracket that filled; null for the order itself. */
  readonly protection: 'stop' | 'target' | null;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  /** What the fee was taken in; the account's currency, or the instrument's base. */
  readonly feeCurrency: string;
  /** For a fill at a bar's open the open time, Unix ms. */
  readonly atMs: number;
}

/** An order, or an exit that waits behind it, moved to another state. Its fills are told before its end. */
export interface OrderEvent {
  readonly type: 'order';
  readonly decisionId: string;
  /** The leg of a bracket that moved; null for the order itself. */
  readonly protection: 'stop' | 'target' | null;
  readonly status: OrderStatus;
  /** Codes of the denials, or why it ended; null where it goes on. */
  readonly reason: string | null;
}

/**
 * What is told to the core, in the order of time: fills of a bar before its close, the answers about a bar between its
 * `bar` and the `close` at which is decided. Everything is data, so that a journal of events gives the same decisions again.
 */
export type CoreEvent =
  /** A bar closed; it can be seen from now on. */
  | { readonly type: 'bar'; readonly stream: string; readonly bar: Bar }
  | FillEvent
  | OrderEvent
  /** The regime of a stream at its newest bar; null with the reason where there is none to rely on. */
  | {
      readonly type: 'regime';
      readonly stream: string;
      /** The strategy that the model answers; every slot of the stream where it is left out. */
      readonly strategy?: string;
      readonly regime: RegimeView | null;
      /** `none`, `demoted`, `not_signed_off`, `expired`, `in_sample`, `unreachable`; null where there is one. */
      readonly missing: string | null;
    }
  | {
      readonly type: 'quality';
      readonly stream: string;
      readonly verdict: StreamQuality;
      readonly reasons: readonly string[];
    }
  /** The parameters of a slot from now on; null where there are none to be had. */
  | {
      readonly type: 'params';
      readonly slot: string;
      readonly params: SlotParams | null;
      readonly missing: string | null;
    }
  /** `firm` for all, or a slot's id. */
  | {
      readonly type: 'trading_state';
      readonly scope: string;
      readonly state: TradingState;
      readonly reason: string;
    }
  /** The risk gate's limits of the account from now on, where they are others than those of the setup. */
  | { readonly type: 'limits'; readonly limits: Limits }
  /** Perpetual futures: what longs pay shorts of a position's value. Decimal text. */
  | {
      readonly type: 'funding';
      readonly instrument: string;
      readonly rate: string;
      readonly markPrice: string;
      readonly atMs: number;
    }
  /** What was one share before are `numerator / denominator` from now on: 4 and 1 for a split of four for one. */
  | {
      readonly type: 'split';
      readonly instrument: string;
      readonly numerator: number;
      readonly denominator: number;
    }
  /** Live only: a stream has not told of a bar that should be there. */
  | { readonly type: 'stale'; readonly stream: string; readonly stale: boolean }
  /** Every bar that closes at this time has been told: decide. */
  | { readonly type: 'close'; readonly atMs: number };
