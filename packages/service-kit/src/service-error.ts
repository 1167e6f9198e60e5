import type { FieldProblem } from '@aistock/shared';

export interface ServiceErrorDetails {
  readonly fields?: readonly FieldProblem[];
  readonly cause?: unknown;
  /** Response headers that belong to the problem, such as `allow` or `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that the caller is meant to read: a stable code, a status, and a sentence that says what would be right. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** Stable, such as `preset_unknown`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: string, status: number, detail: string, details: ServiceErrorDetails = {}) {
    super(detail, { cause: details.cause });
    this.code = code;
    this.status = status;
    this.fields = details.fields;
    this.headers = details.headers ?? {};
  }
}
