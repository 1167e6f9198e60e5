export type ModelErrorCode =
  'bad_option' | 'bad_shape' | 'not_finite' | 'too_few_rows' | 'bad_model' | 'degenerate';

/** What was given cannot be used; the message names the field and what is allowed. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  /** What was given wrongly, where one field is to blame. */
  readonly field: string | undefined;

  constructor(code: ModelErrorCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
