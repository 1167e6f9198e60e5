import { isSessionOpen, xnysSessions, type Bar, type Calendar, type Timeframe } from '@aistock/market';

const DAY_MS = 86_400_000;
const SUNDAY = 0;
const SATURDAY = 6;
/** Share of intraday bars that lie in New York's sessions where the instrument is traded there. */
const IN_SESSION_MIN = 0.9;

/**
 * The calendar that the bars of a file look like: `always` where they go on over Saturdays, or where no Saturday lies among
 * them; `fx` where they begin on Sundays, or are of a pair such as EUR/USD; else `xnys`, in its years and hours.
 * @param bars ascending, one at least; daily ones named by 00:00 UTC.
 */
export function guessCalendar(bars: readonly Bar[], instrument: string, timeframe: Timeframe): Calendar {
  const weekdays = new Set(bars.map(({ openMs }) => weekdayOf(openMs)));
  if (weekdays.has(SATURDAY) || !hasSaturdayInside(bars)) return 'always';
  if (weekdays.has(SUNDAY) || instrument.includes('/')) return 'fx';
  return isLikeNewYork(bars, timeframe) ? 'xnys' : 'always';
}

const weekdayOf = (ms: number): number => new Date(ms).getUTCDay();

/** Whether a whole Saturday lies between the first bar and the last. */
function hasSaturdayInside(bars: readonly Bar[]): boolean {
  const [firstMs, lastMs] = [bars[0]!.openMs, bars.at(-1)!.openMs];
  const nextDayMs = (Math.floor(firstMs / DAY_MS) + 1) * DAY_MS;
  const saturdayMs = nextDayMs + (SATURDAY - weekdayOf(nextDayMs)) * DAY_MS;
  return saturdayMs + DAY_MS <= lastMs;
}

function isLikeNewYork(bars: readonly Bar[], timeframe: Timeframe): boolean {
  const sessions = xnysSessions();
  const [fromMs, toMs] = [sessions[0]!.midnightMs, sessions.at(-1)!.midnightMs];
  if (bars[0]!.openMs < fromMs - DAY_MS || bars.at(-1)!.openMs > toMs + DAY_MS) return false;
  if (timeframe === '1d') return true;
  const inside = bars.filter(({ openMs }) => isSessionOpen('xnys', openMs, 'extended')).length;
  return inside >= IN_SESSION_MIN * bars.length;
}
