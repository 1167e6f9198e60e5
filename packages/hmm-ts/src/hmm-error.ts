export type HmmErrorCode =
  | 'bad_shape'
  | 'bad_option'
  | 'bad_model'
  | 'not_finite'
  | 'unknown_symbol'
  | 'too_few_rows'
  | 'impossible_observation'
  | 'worker_failed';

/** What the library refuses, with a stable code and a message that names the field and what is allowed. */
export class HmmError extends Error {
  override readonly name = 'HmmError';
  readonly code: HmmErrorCode;
  constructor(code: HmmErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
