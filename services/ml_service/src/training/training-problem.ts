/** Why a run could not train; it ends as failed with this code, and its files are given back. */
export class TrainingProblem extends Error {
  override readonly name = 'TrainingProblem';
  readonly code: string;
  /** The claimed file that is to blame. */
  readonly fileId: string | undefined;
  constructor(code: string, detail: string, fileId?: string) {
    super(detail);
    this.code = code;
    this.fileId = fileId;
  }
}
