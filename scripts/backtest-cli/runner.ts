/** A run that was refused or failed; the fields say what was wrong where. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
  readonly code: string;
  /** Whether the caller can mend it. */
  readonly isUsage: boolean;
  readonly fields: readonly { readonly field: string; readonly message: string }[];

  constructor(
    problem: {
      code: string;
      detail: string;
      fields?: readonly { field: string; message: string }[] | undefined;
    },
    isUsage: boolean,
  ) {
    super(problem.detail);
    this.code = problem.code;
    this.isUsage = isUsage;
    this.fields = problem.fields ?? [];
  }
}

export interface RunWatch {
  /** Told how much is done, from 0 to 1. */
  readonly told: (share: number) => void;
  /** Ends the run. */
  readonly signal: AbortSignal;
}
