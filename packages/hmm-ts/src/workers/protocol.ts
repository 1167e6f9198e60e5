import type { HmmErrorCode } from '../hmm-error.ts';
import type { EmRun } from '../training/em.ts';
import type { FitProgress } from '../training/fit-options.ts';
import type { PreparedRows, SearchPlan } from '../training/search.ts';

/** What a worker is started with; the values lie in shared memory. */
export interface WorkerJob {
  readonly plan: SearchPlan;
  readonly rows: PreparedRows;
  readonly reportsProgress: boolean;
}

export type Task =
  | { readonly phase: 'screening'; readonly attempt: number }
  | { readonly phase: 'final'; readonly attempt: number; readonly run: EmRun };

export type Answer =
  | { readonly kind: 'progress'; readonly progress: FitProgress }
  | { readonly kind: 'done'; readonly run: EmRun }
  | { readonly kind: 'refused'; readonly code: HmmErrorCode; readonly message: string };
