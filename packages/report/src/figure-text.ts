/** How figures are written; a figure that is not defined is a dash. */
const NONE = '–';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export function percent(share: number | null, digits = 1): string {
  return share === null ? NONE : `${grouped(100 * share, digits)} %`;
}

/** A share with its sign, such as `+1.2 %`. */
export function signedPercent(share: number | null, digits = 1): string {
  return share !== null && share > 0 ? `+${percent(share, digits)}` : percent(share, digits);
}

export function plain(value: number | null, digits = 2): string {
  return value === null ? NONE : grouped(value, digits);
}

/** An amount for the eye, two places; the exact one is in the JSON. */
export function money(value: number | string | null, currency: string): string {
  return value === null ? NONE : `${grouped(Number(value), 2)} ${currency}`;
}

/** A price or a quantity for the eye, eight digits at most; the exact one is in the CSV. */
export function price(text: string): string {
  return Number(text).toLocaleString('en-US', { maximumSignificantDigits: 8 });
}

/** Short enough for an axis: 1,500 is `1.5k`. */
export function axisNumber(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 4 });
}

export function duration(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms >= 2 * DAY_MS) return `${grouped(ms / DAY_MS, ms >= 20 * DAY_MS ? 0 : 1)} days`;
  return ms >= 2 * HOUR_MS ? `${grouped(ms / HOUR_MS, 1)} hours` : `${grouped(ms / MINUTE_MS, 0)} minutes`;
}

export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** UTC to the minute. */
export function minute(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** A code for people: `order_working` is `order working`. */
export function words(code: string): string {
  return code.replaceAll('_', ' ');
}

function grouped(value: number, digits: number): string {
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return Number(text.replaceAll(',', '')) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
