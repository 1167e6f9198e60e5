import type { BarColumns } from '@aistock/lake';

function eachColumn(make: (name: keyof BarColumns) => Float64Array): BarColumns {
  return {
    openMs: make('openMs'),
    open: make('open'),
    high: make('high'),
    low: make('low'),
    close: make('close'),
    volume: make('volume'),
  };
}

export function emptyColumns(): BarColumns {
  return eachColumn(() => new Float64Array());
}

/** The first so many rows, without a copy. */
export function cutColumns(columns: BarColumns, rows: number): BarColumns {
  return eachColumn((name) => columns[name].subarray(0, rows));
}

/** These rows alone. */
export function pickRows(columns: BarColumns, rows: readonly number[]): BarColumns {
  return eachColumn((name) => {
    const column = columns[name];
    const picked = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i]!]!;
    return picked;
  });
}
