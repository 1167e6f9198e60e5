const FIELDS = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const HOUR_MS = 3_600_000;

/** `2022-05-16T16:32:24-04:00`: New York's own time with its distance from UTC. */
export function newYorkTime(ms: number): string {
  const part = Object.fromEntries(FIELDS.formatToParts(ms).map(({ type, value }) => [type, value]));
  const local = `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}`;
  const offsetHours = Math.round((ms - Date.parse(`${local}Z`)) / HOUR_MS);
  return `${local}-0${offsetHours}:00`;
}
