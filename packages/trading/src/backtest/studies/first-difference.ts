/** The first line in which two decision logs differ. */
export interface LineDifference {
  /** From 0 on. */
  readonly line: number;
  readonly expected: string;
  /** Null where the other log has ended. */
  readonly actual: string | null;
}

/**
 * Compares logs up to the end of the shorter of `expected` and `upTo` lines of it: where the data after a time was cut off,
 * the log must be a beginning of the whole one.
 */
export function firstDifference(
  expected: readonly string[],
  actual: readonly string[],
  upTo: number = expected.length,
): LineDifference | null {
  for (let line = 0; line < Math.min(upTo, expected.length); line++)
    if (actual[line] !== expected[line])
      return { line, expected: expected[line]!, actual: actual[line] ?? null };
  return null;
}
