/** The equity of one test window. */
export interface EquityPart {
  readonly equityMs: Float64Array;
  readonly equity: Float64Array;
}

/**
 * The curves of test windows after one another as one account would have had them: each goes on from where the one before
 * ended, in proportion. The first value of each part but the first is the end of the one before, and is left out.
 */
export function stitchEquity(parts: readonly EquityPart[]): EquityPart {
  const times: number[] = [];
  const values: number[] = [];
  let end: number | undefined;
  for (const { equityMs, equity } of parts) {
    const first = equity[0];
    if (first === undefined) continue;
    const start: number = end ?? first;
    for (let index = end === undefined ? 0 : 1; index < equity.length; index++) {
      times.push(equityMs[index]!);
      values.push((equity[index]! * start) / first);
    }
    end = values.at(-1);
  }
  return { equityMs: Float64Array.from(times), equity: Float64Array.from(values) };
}
