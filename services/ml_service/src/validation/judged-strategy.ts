import type { Calendar } from '@aistock/market';
import type { ModelTrials, PerformanceEvidence, PromotionPolicy, Verdict } from '@aistock/promotion';
import type { StrategyParams } from '@aistock/trading/strategies';
import type { AliasState } from '../registry/aliases.ts';
import type { StoredChampion } from '../training/thread/training-task.ts';

/** A strategy whose own gates judge a model; plain data, for the thread that judges. */
export interface JudgedStrategy {
  readonly strategy: string;
  readonly policy: PromotionPolicy;
  readonly presets: Readonly<Record<string, StrategyParams>>;
  /** Name of the preset that is traded with where no model speaks. */
  readonly conservative: string;
  /** Models that were ever tried for the stream, this one with them, and what they earned with the strategy. */
  readonly tried: ModelTrials;
  readonly calendar: Calendar;
  /** What its alias named when this was asked; undefined where it never had one. */
  readonly alias: AliasState | undefined;
  /** The model that answers for the strategy now; null where none does. */
  readonly champion: StoredChampion | null;
}

/** What came of a strategy's gates; plain data. */
export interface StrategyVerdict {
  readonly strategy: string;
  readonly promote: boolean;
  readonly gates: Verdict['gates'];
  /** What its alias named when this was decided. */
  readonly champion: AliasState | undefined;
  /** Null where the strategy could not be run on the stream, and why not. */
  readonly performance: PerformanceEvidence | null;
  readonly problem: string | null;
}
