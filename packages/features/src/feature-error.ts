export type FeatureErrorCode = 'unknown_feature' | 'bad_bar' | 'bad_state' | 'bad_option';

/** What was given cannot be computed on; the message names the field and what is allowed. */
export class FeatureError extends Error {
  override readonly name = 'FeatureError';
  readonly code: FeatureErrorCode;

  constructor(code: FeatureErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
