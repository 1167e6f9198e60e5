/** A claim that no longer holds: its lease ran out, or another claimer has the file. Roll back, and change nothing. */
export class StaleClaim extends Error {
  override name = 'StaleClaim';
  readonly fileIds: readonly string[];

  constructor(fileIds: readonly string[]) {
    super(`the claim on ${fileIds.join(', ')} no longer holds`);
    this.fileIds = fileIds;
  }
}

/**
 * Why a file was not registered. `stale_watermark`: another registration moved the stream on. `stale_first`: the stream
 * does not begin where it did, or has not begun. `overlapping_bars`: the stream has bars of that time already.
 */
export type RegistrationRefusal = 'stale_watermark' | 'stale_first' | 'overlapping_bars';

/** A registration that the ledger refuses. Roll back, read the watermark again and start over. */
export class RegistrationRefused extends Error {
  override name = 'RegistrationRefused';
  readonly code: RegistrationRefusal;

  constructor(code: RegistrationRefusal, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}
