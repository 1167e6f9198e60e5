import type { NoteKey } from '@aistock/audit-log';
import type { LedgerFileRow } from '@aistock/ledger';
import type { PromotionPolicy } from '@aistock/promotion';
import type { FoundAlias } from '../../registry/aliases.ts';
import type { ShadowDays } from '../../shadow/trials/shadow-days.ts';
import type { RunClaim } from '../runs/run-claims.ts';
import type { TrainingOutcome } from '../thread/training-task.ts';

/** A training that is to be written down. */
export interface FinishedTraining {
  readonly claim: RunClaim;
  /** None of a run that was asked for a window. */
  readonly files: readonly LedgerFileRow[];
  readonly outcome: TrainingOutcome;
  /** SHA-256 of each file that its bars came from, ascending. */
  readonly fileHashes: readonly string[];
  /** Of the sources that trained it. */
  readonly codeVersion: string;
  /** Who signs its report. */
  readonly signer: NoteKey;
  /** The champion of `*` that the verdict was made against; undefined where there never was one. */
  readonly champion: FoundAlias | undefined;
  /** Days that a model that passed is tried beside the champion, where a strategy's own policy says nothing. */
  readonly shadow: ShadowDays;
  readonly policyOf: (strategy: string) => PromotionPolicy;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly deleteFiles: boolean;
}
