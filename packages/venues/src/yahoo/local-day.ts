import { SourceError } from '../bar-source.ts';

const formats = new Map<string, Intl.DateTimeFormat>();
/** More time zones than there are exchanges; past that the cache begins anew. */
const FORMATS_MAX = 100;

/**
 * The calendar day of a time on the clock of a place, given by its 00:00 UTC.
 * @throws SourceError `malformed_data` where the platform knows no such time zone.
 */
export function localDayUtcMs(ms: number, timeZone: string): number {
  const { year, month, day } = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(year!, month! - 1, day);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  if (formats.size >= FORMATS_MAX) formats.clear();
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
    formats.set(timeZone, format);
    return format;
  } catch (error) {
    throw new SourceError('malformed_data', `there is no time zone ${timeZone}`, { cause: error });
  }
}
