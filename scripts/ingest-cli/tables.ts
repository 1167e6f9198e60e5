import type { Backfill, BackfillStarted } from '@aistock/shared';
import { count, duration } from './progress-line.ts';

type Plan = BackfillStarted['plan'];

/** What would be fetched. */
export function planLines(plan: Plan): string[] {
  const rows = plan.map(({ stream, bars, requests, seconds }) => [
    stream,
    count(bars),
    count(requests),
    seconds === null ? 'at once' : duration(seconds),
  ]);
  const sum = (of: (row: Plan[number]) => number): number => plan.reduce((total, row) => total + of(row), 0);
  const total = ['all', count(sum(({ bars }) => bars)), count(sum(({ requests }) => requests)), ''];
  return aligned(['stream', 'bars', 'requests', 'at the budget'], [...rows, total]);
}

/** What became of each stream. */
export function resultLines({ streams }: Backfill): string[] {
  const rows = streams.map(
    ({ stream, status, bars_done: done, bars_total: total, from_ms: fromMs, problem }) => [
      stream,
      status,
      count(done),
      count(total),
      fromMs === null ? '' : new Date(fromMs).toISOString().slice(0, 16),
      problem === null ? '' : `${problem.code}: ${problem.detail}`,
    ],
  );
  return aligned(['stream', 'status', 'bars', 'of', 'source begins', 'problem'], rows);
}

const NUMBERS = /^[\d,]+$/;

function aligned(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const cellOf = (cell: string, column: number): string =>
    NUMBERS.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return [header, ...rows].map((row) => row.map(cellOf).join('  ').trimEnd());
}
