import { normaliseDecimal } from '@aistock/market';
import { SourceError } from './bar-source.ts';

const TOLD_CHARACTERS_MAX = 40;

/**
 * A price or volume of a bar, in its one spelling. A value that is not there becomes `NaN`, for the quality check to
 * reject that bar.
 * @throws SourceError `malformed_data` where it is no number, or one with more digits than the stack keeps.
 */
export function barValue(text: string | null | undefined, openMs: number): string {
  if (text === null || text === undefined) return 'NaN';
  try {
    return normaliseDecimal(text);
  } catch (error) {
    throw new SourceError(
      'malformed_data',
      `bar ${openMs}: ${text.slice(0, TOLD_CHARACTERS_MAX)} cannot be read`,
      {
        cause: error,
      },
    );
  }
}
