import type { Calendar, Timeframe } from '@aistock/market';
import type { Limits } from '@aistock/shared';
import type { SelectionPolicy } from '../selection/index.ts';
import type { SizingPolicy } from '../sizing/index.ts';
import type { Strategy, StrategyParams } from '../strategies/index.ts';
import type { InstrumentRules } from './instruments/instrument-rules.ts';
import type { OrderPolicy } from './order-policy.ts';

/** A series of bars that the core trades on. */
export interface StreamSetup {
  readonly id: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  /** Lot, tick and minimum notional, oldest first; those in force are the last that began by then. */
  readonly rules: readonly InstrumentRules[];
}

/**
 * What a model's word does to a rule's entry. `confirm`: it must speak for it. `scale`: the size follows how much it does.
 * `veto`: it may only forbid. `off`: it is not asked.
 */
export type ModelUse = 'confirm' | 'scale' | 'veto' | 'off';

/** One strategy on its instruments, with its own parameters, position and record; several share the account. */
export interface SlotSetup {
  /** Unique in the account; part of the identity of its decisions. */
  readonly id: string;
  readonly strategy: Strategy;
  /** Ids of the streams of its legs, primary first, all of one timeframe. */
  readonly streams: readonly string[];
  readonly modelUse: ModelUse;
}

export interface CoreSetup {
  readonly account: string;
  /** What cash and prices are in, such as USD or USDT. */
  readonly currency: string;
  /** Decimal text. */
  readonly startCash: string;
  readonly streams: readonly StreamSetup[];
  readonly slots: readonly SlotSetup[];
  readonly sizing: SizingPolicy;
  /** Null trades every slot always. */
  readonly selection: SelectionPolicy | null;
  readonly orders: OrderPolicy;
  /** The risk gate's limits of the account, which cap what is asked for; null caps nothing. */
  readonly limits: Limits | null;
}

/** The parameters that a slot trades with, and the decision that chose them. */
export interface SlotParams {
  readonly configId: string;
  readonly presetId: string | null;
  /** Passed by the strategy's schema. */
  readonly params: StrategyParams;
  /** Why these: `chosen`, `given`, or `conservative` where no model could be relied on. */
  readonly source: 'chosen' | 'given' | 'conservative';
  /** Until when they may lead to an entry, Unix ms; null for ever. */
  readonly expiresMs: number | null;
  /** The model on whose word they were chosen: once another one answers, others are asked for. */
  readonly modelId?: string;
}
