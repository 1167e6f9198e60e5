/** A file of the lake that cannot be used: gone, larger than allowed, or not what its name or the ledger says. */
export class LakeFileError extends Error {
  override readonly name = 'LakeFileError';
  readonly kind: 'missing' | 'too_large' | 'corrupt';
  constructor(kind: LakeFileError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
