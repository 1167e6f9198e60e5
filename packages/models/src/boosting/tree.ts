/**
 * A tree as arrays, node by node; node 0 is the root of a tree with more than one leaf. A child below zero is the leaf
 * `~child`. A value goes left where it is at most the threshold, NaN where `missingLeft` says.
 */
export interface Tree {
  readonly features: Int32Array;
  readonly thresholds: Float64Array;
  readonly missingLeft: Uint8Array;
  readonly lefts: Int32Array;
  readonly rights: Int32Array;
  readonly gains: Float64Array;
  /** What the learning rate has made of the leaves' values. */
  readonly leafValues: Float64Array;
  readonly leafRows: Int32Array;
  readonly leafHessians: Float64Array;
}

/** The leaf that a row ends in. @param valueOf the row's value of a feature. */
export function leafOf(tree: Tree, columns: readonly Float64Array[], row: number): number {
  if (tree.features.length === 0) return 0;
  let node = 0;
  do {
    const value = columns[tree.features[node]!]![row]!;
    const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.thresholds[node]!;
    node = goesLeft ? tree.lefts[node]! : tree.rights[node]!;
  } while (node >= 0);
  return ~node;
}
