import type { SizingPolicy } from './sizing-policy.ts';

/** What is known of a slot and its account when it wants to enter. */
export interface SizingInputs {
  /** The share of equity that the strategy asks for. */
  readonly wished: number;
  /** Kelly's fraction as it was last computed; null while there were too few trades. */
  readonly kelly: number | null;
  /** Annualised volatility of the instrument; null where it is not known: then a volatility target refuses. */
  readonly volatility: number | null;
  /** Of the account's equity below its highest, from 0 to 1. */
  readonly drawdown: number;
}

/** How large an entry is, and every reason that made it smaller. A fraction of 0 enters nothing. */
export declare function sizeEntry(
  policy: SizingPolicy,
  inputs: SizingInputs,
): { readonly fraction: number; readonly reasons: readonly string[] };
