import { dailyOpenMs, type ExchangeDay } from '@aistock/market';
import { z } from 'zod';
import { readAs } from '../http/web-client.ts';

const Clock = z.object({ timestamp: z.iso.datetime({ offset: true }) });

/** Alpaca's own time, Unix ms UTC. @throws SourceError `malformed_data`. */
export function readClockMs(body: unknown): number {
  return Date.parse(readAs(Clock, body, 'alpaca').timestamp);
}

const WallTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .transform((text) => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * 60_000);
const Days = z.array(z.object({ date: z.iso.date(), open: WallTime, close: WallTime }));

/**
 * Trading days as `/v2/calendar` tells them, on New York's clock. It changes on Sundays only, so that hours after midnight
 * add up on every trading day.
 * @throws SourceError `malformed_data`.
 */
export function readCalendarDays(body: unknown): ExchangeDay[] {
  return readAs(Days, body, 'alpaca').map(({ date, open, close }) => {
    const midnightMs = dailyOpenMs(Date.parse(date), 'xnys');
    return { day: date, opensMs: midnightMs + open, closesMs: midnightMs + close };
  });
}
