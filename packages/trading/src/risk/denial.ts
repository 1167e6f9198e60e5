import type { Denial, DenialCode } from '@aistock/shared';

/** A reason against an order; limit and actual as text, null where there is no number to tell. */
export function denial(
  code: DenialCode,
  message: string,
  limit: string | null = null,
  actual: string | null = null,
): Denial {
  return { code, message, limit, actual };
}
