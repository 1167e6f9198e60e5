import type { Disturbed } from './disturb.ts';
import type { ProofTerms } from './proof-terms.ts';
import type { RegimeTimes } from './regime-times.ts';
import type { LineRuns } from './trained-line.ts';

/** What the database holds of the files of a line. */
export interface FileReport {
  readonly files: number;
  readonly bars: number;
  /** Files that became processed once, never ceased to be, and belong to one run under the claim that they ended with. */
  readonly once: number;
  /** Files of which a run wrote down another claim than the last one: a stale completion took effect. */
  readonly stale: number;
}

/** What the models of a line carried from run to run. */
export interface CarriedReport {
  /** Bars that only warm the features up. */
  readonly warmUpBars: number;
  /** Bars learned from by the end, as the line counts them, and as its statistics do. */
  readonly bars: number;
  readonly rows: number;
  /** Models that count other bars than those of all files so far. */
  readonly wrongCounts: number;
  /** Whether the last bars that it holds on to are the last ones of the stream. */
  readonly endsWithLastBar: boolean;
  /** SHA-256 of what the last model carries, and of the same of the line that nobody disturbed. */
  readonly sha256: string;
  readonly controlSha256: string;
}

export interface ReadReport {
  /** Bars of claimed files that were asked for, those of attempts that were lost too. */
  readonly bars: number;
  /** Answers that held a bar whose file was processed before it was asked for. */
  readonly again: number;
  /** The same by a process that had been stopped and did not know yet that its run was another's: nothing came of them. */
  readonly unaware: number;
}

export interface QualityReport {
  /** Bars before those that are held out, and those. */
  readonly trainedBars: number;
  readonly heldOutBars: number;
  /** Nats a held-out bar under the model of the line. */
  readonly online: number;
  /** The same of refits on sliding windows that end at the same bar, by the bars of their window. */
  readonly refits: readonly { readonly windowBars: number; readonly mean: number }[];
}

export interface ProofReport {
  readonly terms: ProofTerms;
  /** `recorded` where there is a folder of market data. */
  readonly bars: 'recorded' | 'generated';
  readonly seconds: number;
  readonly disturbed: Disturbed;
  readonly files: FileReport;
  readonly runs: LineRuns;
  readonly carried: CarriedReport;
  readonly read: ReadReport;
  readonly quality: QualityReport;
  /** Of GET /regime while models are trained, by itself and with replicas that are killed and stopped. */
  readonly regime: { readonly undisturbed: RegimeTimes; readonly disturbed: RegimeTimes };
}
