import type { Backfill } from '@aistock/shared';
import { progressBar } from '../command-line/progress-bar.ts';

/** How far a backfill is, in one line. */
export function progressLine(backfill: Backfill): string {
  const { bars_done: done, bars_total: total, bars_per_s: rate, seconds_left: left, streams } = backfill;
  const share = total === 0 ? 0 : Math.min(1, done / total);
  const over = streams.filter(({ status }) => status !== 'waiting' && status !== 'running').length;
  return [
    progressBar(share),
    `${count(done)} of ${count(total)} bars`,
    ...(rate > 0 ? [`${count(Math.round(rate))}/s`] : []),
    ...(left === null ? [] : [`${duration(left)} left`]),
    `${over} of ${streams.length} streams`,
  ].join(', ');
}

export const count = (whole: number): string => whole.toLocaleString('en-US');

/** Two units say enough: `2 d 3 h`, `5 min 10 s`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const units = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = units.findIndex(([value]) => value > 0);
  if (first === -1) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}
