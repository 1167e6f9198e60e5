import type { Planes } from './planes.ts';

/** Rows and columns of planes whose dot products are wanted, the first ones to begin with. */
interface Tile {
  readonly rows: Planes;
  readonly columns: Planes;
  readonly row: number;
  readonly column: number;
}

/**
 * Adds the dot product of each row plane with each column plane to `totals`, row by row. Several are summed up in one
 * loop, so that a number that is loaded counts in more than one of them; a loop of more sums than the processor has
 * registers would be slower again. Needs two planes of each.
 */
export function addDots(rows: Planes, columns: Planes, steps: number, totals: Float64Array): void {
  const products = new Float64Array(totals.length);
  const [height, width, dots] =
    rows.count === 3 && columns.count >= 3
      ? ([3, 3, dots3x3] as const)
      : columns.count >= 4
        ? ([2, 4, dots2x4] as const)
        : ([2, 2, dots2x2] as const);
  // The last tile reaches back where a count is no multiple of its side: what it repeats, it writes again.
  for (let row = 0; row < rows.count; row += height)
    for (let column = 0; column < columns.count; column += width)
      dots(
        {
          rows,
          columns,
          row: Math.min(row, rows.count - height),
          column: Math.min(column, columns.count - width),
        },
        steps,
        products,
      );
  for (let index = 0; index < totals.length; index++) totals[index] = totals[index]! + products[index]!;
}

function dots2x2({ rows, columns, row, column }: Tile, steps: number, products: Float64Array): void {
  const a = rows.numbers;
  const b = columns.numbers;
  const da = rows.stride;
  const db = columns.stride;
  let p00 = 0;
  let p01 = 0;
  let p10 = 0;
  let p11 = 0;
  let i = rows.at + row * da;
  let j = columns.at + column * db;
  for (const end = i + steps; i < end; i++, j++) {
    const x0 = a[i]!;
    const x1 = a[i + da]!;
    const y0 = b[j]!;
    const y1 = b[j + db]!;
    p00 += x0 * y0;
    p01 += x0 * y1;
    p10 += x1 * y0;
    p11 += x1 * y1;
  }
  const at = row * columns.count + column;
  products.set([p00, p01], at);
  products.set([p10, p11], at + columns.count);
}

function dots3x3({ rows, columns, row, column }: Tile, steps: number, products: Float64Array): void {
  const a = rows.numbers;
  const b = columns.numbers;
  const da = rows.stride;
  const db = columns.stride;
  let p00 = 0;
  let p01 = 0;
  let p02 = 0;
  let p10 = 0;
  let p11 = 0;
  let p12 = 0;
  let p20 = 0;
  let p21 = 0;
  let p22 = 0;
  let i = rows.at + row * da;
  let j = columns.at + column * db;
  for (const end = i + steps; i < end; i++, j++) {
    const x0 = a[i]!;
    const x1 = a[i + da]!;
    const x2 = a[i + 2 * da]!;
    const y0 = b[j]!;
    const y1 = b[j + db]!;
    const y2 = b[j + 2 * db]!;
    p00 += x0 * y0;
    p01 += x0 * y1;
    p02 += x0 * y2;
    p10 += x1 * y0;
    p11 += x1 * y1;
    p12 += x1 * y2;
    p20 += x2 * y0;
    p21 += x2 * y1;
    p22 += x2 * y2;
  }
  const at = row * columns.count + column;
  products.set([p00, p01, p02], at);
  products.set([p10, p11, p12], at + columns.count);
  products.set([p20, p21, p22], at + 2 * columns.count);
}

function dots2x4({ rows, columns, row, column }: Tile, steps: number, products: Float64Array): void {
  const a = rows.numbers;
  const b = columns.numbers;
  const da = rows.stride;
  const db = columns.stride;
  let p00 = 0;
  let p01 = 0;
  let p02 = 0;
  let p03 = 0;
  let p10 = 0;
  let p11 = 0;
  let p12 = 0;
  let p13 = 0;
  let i = rows.at + row * da;
  let j = columns.at + column * db;
  for (const end = i + steps; i < end; i++, j++) {
    const x0 = a[i]!;
    const x1 = a[i + da]!;
    const y0 = b[j]!;
    const y1 = b[j + db]!;
    const y2 = b[j + 2 * db]!;
    const y3 = b[j + 3 * db]!;
    p00 += x0 * y0;
    p01 += x0 * y1;
    p02 += x0 * y2;
    p03 += x0 * y3;
    p10 += x1 * y0;
    p11 += x1 * y1;
    p12 += x1 * y2;
    p13 += x1 * y3;
  }
  const at = row * columns.count + column;
  products.set([p00, p01, p02, p03], at);
  products.set([p10, p11, p12, p13], at + columns.count);
}
