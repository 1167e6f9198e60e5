import type { BenchmarkRow } from '../../benchmarks/row.ts';

/** The rows as a table for people. */
export function tableLines(machine: string, rows: readonly BenchmarkRow[]): readonly string[] {
  const cells = rows.map((row) => [
    row.name,
    `${round(row.ours)} ${row.unit}`,
    row.peer === null ? `none: ${row.peer_name}` : `${row.peer_name}: ${round(row.peer)} ${row.unit}`,
    row.ratio === null ? '' : `${row.ratio.toFixed(2)}×`,
    `${row.better} is better`,
  ]);
  const header = ['what', 'ours', 'peer', 'ours / peer', ''];
  const all = [header, ...cells];
  const widths = header.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return [
    machine,
    '',
    ...all.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

/** Four figures say all that a median of a few rounds knows. */
function round(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 4 });
}
