/** A command line that cannot be followed; the message says which word and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const PORT_BASE_MIN = 1024;
const PORT_BASE_MAX = 65_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/;

/** Unix ms of a day or a time in UTC. @throws UsageError. */
export function timeOf(option: string, text: string): number {
  const ms = DAY.test(text) || TIME.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes 30 February for 1 March.
  if (!Number.isNaN(ms) && ms >= 0 && new Date(ms).toISOString().startsWith(text.slice(0, 10))) return ms;
  throw new UsageError(
    `${option} must be a day such as 2024-01-31 or a time such as 2024-01-31T12:00:00Z, not ${text}`,
  );
}

/** @throws UsageError. */
export function portBaseOf(text: string): number {
  const portBase = Number(text);
  if (/^\d+$/.test(text) && portBase >= PORT_BASE_MIN && portBase <= PORT_BASE_MAX) return portBase;
  throw new UsageError(
    `--port-base must be a whole number from ${PORT_BASE_MIN} to ${PORT_BASE_MAX}, not ${text}`,
  );
}

/** The origin of a service, such as http://127.0.0.1:8001. @throws UsageError. */
export function originOf(option: string, text: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.pathname === '/')
    return url.origin;
  throw new UsageError(`${option} must be a URL such as http://127.0.0.1:8001`);
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a length such as 90d or 12h. @throws UsageError. */
export function lengthMsOf(option: string, text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined)
    throw new UsageError(`${option} must be a length such as 90d, 12h, 2w or 30m, not ${text}`);
  return Number(count) * UNIT_MS[unit]!;
}

/** A whole number between bounds. @throws UsageError. */
export function wholeOf(option: string, text: string, [min, max]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}, not ${text}`);
}
