import type { Binning } from './bins.ts';
import { bestSplit, FREE, leafValue, type Bounds, type Split, type Sums } from './best-split.ts';
import { histogramOf, without, type BinnedRows, type Histogram } from './histogram.ts';
import type { BoostingOptions } from './options.ts';
import type { Tree } from './tree.ts';

export interface TreeData extends BinnedRows {
  readonly binnings: readonly Binning[];
}

interface Leaf {
  readonly rows: Int32Array;
  readonly sums: Sums;
  readonly bounds: Bounds;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
  /** The node above it and its side; null for the root. */
  readonly parent: { readonly node: number; readonly side: 'lefts' | 'rights' } | null;
}

/** A tree, and the leaf that each training row fell into. */
export interface GrownTree {
  readonly tree: Tree;
  readonly leafOfRow: Int32Array;
}

/**
 * Grows a tree leaf by leaf, always where the loss falls most (Shi 2007; LightGBM's way), until `leavesMax` or until nothing
 * gains. The histogram of the larger child is its parent's without the smaller one's.
 */
export function growTree(
  data: TreeData,
  gradients: Float64Array,
  hessians: Float64Array,
  options: BoostingOptions,
): GrownTree {
  const open = (part: Omit<Leaf, 'split'>): Leaf => ({ ...part, split: bestSplit(part, data, options) });
  const rows = Int32Array.from(gradients, (_, row) => row);
  const histogram = histogramOf(data, rows, gradients, hessians);
  const leaves = [
    open({ rows, sums: sumsOf(rows, gradients, hessians), bounds: FREE, histogram, parent: null }),
  ];
  const nodes: { leaf: Leaf; split: Split; lefts: number; rights: number }[] = [];
  while (leaves.length < options.leavesMax) {
    const at = mostGaining(leaves);
    const leaf = leaves[at]!;
    const { split } = leaf;
    if (!split) break;
    const node = nodes.push({ leaf, split, lefts: 0, rights: 0 }) - 1;
    if (leaf.parent) nodes[leaf.parent.node]![leaf.parent.side] = node;
    const parts = partition(data, leaf.rows, split);
    const [small, large] = parts[0].length <= parts[1].length ? ([0, 1] as const) : ([1, 0] as const);
    const histograms: [Histogram, Histogram] = [leaf.histogram, leaf.histogram];
    histograms[small] = histogramOf(data, parts[small], gradients, hessians);
    histograms[large] = without(leaf.histogram, histograms[small]);
    const bounds = childBounds(leaf, split, options);
    const child = (side: 0 | 1): Leaf =>
      open({
        rows: parts[side],
        sums: side === 0 ? split.left : split.right,
        bounds: bounds[side],
        histogram: histograms[side],
        parent: { node, side: side === 0 ? 'lefts' : 'rights' },
      });
    leaves[at] = child(0);
    leaves.push(child(1));
  }
  for (const [index, { parent }] of leaves.entries()) if (parent) nodes[parent.node]![parent.side] = ~index;
  const leafOfRow = new Int32Array(gradients.length);
  for (const [index, leaf] of leaves.entries()) for (const row of leaf.rows) leafOfRow[row] = index;
  return {
    leafOfRow,
    tree: {
      features: Int32Array.from(nodes, ({ split }) => split.feature),
      thresholds: Float64Array.from(nodes, ({ split }) => data.binnings[split.feature]!.bounds[split.bin]!),
      missingLeft: Uint8Array.from(nodes, ({ split }) => Number(split.missingLeft)),
      lefts: Int32Array.from(nodes, ({ lefts }) => lefts),
      rights: Int32Array.from(nodes, ({ rights }) => rights),
      gains: Float64Array.from(nodes, ({ split }) => split.gain),
      leafValues: Float64Array.from(
        leaves,
        ({ sums, bounds }) => options.learningRate * leafValue(sums, options.lambda, bounds),
      ),
      leafRows: Int32Array.from(leaves, (leaf) => leaf.rows.length),
      leafHessians: Float64Array.from(leaves, ({ sums }) => sums.hessian),
    },
  };
}

/** The first of the leaves whose split gains most. */
function mostGaining(leaves: readonly Leaf[]): number {
  let best = 0;
  for (let index = 1; index < leaves.length; index++)
    if ((leaves[index]!.split?.gain ?? 0) > (leaves[best]!.split?.gain ?? 0)) best = index;
  return best;
}

function partition({ bins, binnings }: TreeData, rows: Int32Array, { feature, bin, missingLeft }: Split) {
  const own = bins[feature]!;
  const { bounds } = binnings[feature]!;
  const goesLeft = (row: number) => (own[row]! > bounds.length ? missingLeft : own[row]! <= bin);
  return [rows.filter(goesLeft), rows.filter((row) => !goesLeft(row))] as const;
}

/** Below a split on a constrained feature neither side may come over the middle between them. */
function childBounds(
  leaf: Leaf,
  { feature, left, right }: Split,
  options: BoostingOptions,
): [Bounds, Bounds] {
  const direction = options.monotone?.[feature] ?? 0;
  const { bounds } = leaf;
  if (direction === 0) return [bounds, bounds];
  const middle = (leafValue(left, options.lambda, bounds) + leafValue(right, options.lambda, bounds)) / 2;
  const below = { low: bounds.low, high: middle };
  const above = { low: middle, high: bounds.high };
  return direction > 0 ? [below, above] : [above, below];
}

function sumsOf(rows: Int32Array, gradients: Float64Array, hessians: Float64Array): Sums {
  let [gradient, hessian] = [0, 0];
  for (const row of rows) {
    gradient += gradients[row]!;
    hessian += hessians[row]!;
  }
  return { gradient, hessian, rows: rows.length };
}
