/**
 * The assignment of rows to columns with the least total cost, exact, by shortest augmenting paths (Jonker and Volgenant
 * 1987; Crouse 2016 for rectangles), in rows² × columns steps.
 * @param costs finite, row-major rows × columns, with no more rows than columns.
 * @returns the column of each row.
 */
export function leastCostAssignment(costs: Float64Array, rows: number, columns: number): Int32Array {
  const search: Search = {
    costs,
    columns,
    rowPrices: new Float64Array(rows),
    columnPrices: new Float64Array(columns),
    rowOf: new Int32Array(columns).fill(-1),
  };
  for (let row = 0; row < rows; row++) assignRow(search, row);
  const columnOf = new Int32Array(rows);
  search.rowOf.forEach((row, column) => {
    if (row >= 0) columnOf[row] = column;
  });
  return columnOf;
}

interface Search {
  readonly costs: Float64Array;
  readonly columns: number;
  /** Dual prices: a cost is never below the sum of its two, and equals it where assigned. */
  readonly rowPrices: Float64Array;
  readonly columnPrices: Float64Array;
  /** The row that each column is assigned to; −1 for none. */
  readonly rowOf: Int32Array;
}

/** Brings one more row in, along the path of least reduced cost to a free column; ties go to the lower column. */
function assignRow(search: Search, newRow: number): void {
  const { costs, columns, rowPrices, columnPrices, rowOf } = search;
  const distances = new Float64Array(columns).fill(Infinity);
  const comesFrom = new Int32Array(columns);
  const done: number[] = [];
  let row = newRow;
  let distance = 0;
  let free = -1;
  while (free < 0) {
    let nearest = -1;
    for (let column = 0; column < columns; column++) {
      if (done.includes(column)) continue;
      const reduced = costs[row * columns + column]! - rowPrices[row]! - columnPrices[column]!;
      if (distance + reduced < distances[column]!) {
        distances[column] = distance + reduced;
        comesFrom[column] = row;
      }
      if (nearest < 0 || distances[column]! < distances[nearest]!) nearest = column;
    }
    distance = distances[nearest]!;
    if (rowOf[nearest]! < 0) free = nearest;
    else row = rowOf[nearest]!;
    done.push(nearest);
  }
  rowPrices[newRow] = rowPrices[newRow]! + distance;
  for (const column of done) {
    const gain = distance - distances[column]!;
    columnPrices[column] = columnPrices[column]! - gain;
    const assigned = rowOf[column]!;
    if (assigned >= 0) rowPrices[assigned] = rowPrices[assigned]! + gain;
  }
  flip(rowOf, comesFrom, free, newRow);
}

/** Gives every column on the path the row that it was reached from. */
function flip(rowOf: Int32Array, comesFrom: Int32Array, free: number, newRow: number): void {
  let column = free;
  for (;;) {
    const row = comesFrom[column]!;
    const before = rowOf.indexOf(row);
    rowOf[column] = row;
    if (row === newRow) return;
    column = before;
  }
}
