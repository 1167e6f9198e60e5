const WHOLE_SECONDS = /^\d{1,9}$/;

/**
 * How long an answer asks us to stay away, in ms; undefined where it does not say, or says what is no time.
 * RFC 9110, section 10.2.3: `Retry-After` is a number of seconds or an HTTP date. A date is measured from the answer's
 * own Date header where there is one, so that a clock of ours that is wrong does no harm; a date that has passed is 0.
 */
export function retryAfterMs(headers: Pick<Headers, 'get'>, nowMs: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined) return undefined;
  if (WHOLE_SECONDS.test(value)) return Number(value) * 1000;
  const atMs = httpDateMs(value);
  if (atMs === undefined) return undefined;
  return Math.max(0, atMs - (httpDateMs(headers.get('date')) ?? nowMs));
}

/** An HTTP date in Unix ms; undefined where it is none: `Date.parse` reads much that is no date, and this one says GMT. */
export function httpDateMs(value: string | null): number | undefined {
  const atMs = value?.endsWith(' GMT') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
