/** Features of bars as float64: row i is one bar, rows ascend by open time. */
export interface FeatureRows {
  /** Unix ms UTC. */
  readonly openMs: Float64Array;
  /** One a feature, each as long as `openMs`; NaN where there is no value. */
  readonly columns: readonly Float64Array[];
}

/** The rows of several that follow on each other. */
export function joinRows(pieces: readonly FeatureRows[], features: number): FeatureRows {
  return {
    openMs: joined(pieces.map(({ openMs }) => openMs)),
    columns: Array.from({ length: features }, (_, index) =>
      joined(pieces.map(({ columns }) => columns[index]!)),
    ),
  };
}

function joined(pieces: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
