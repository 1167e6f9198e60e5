/**
 * The distribution with no entry below the floor under which the counts are most likely: entries whose share would be
 * lower get the floor, the others share what is left. `floor` × entries must be below one.
 */
export function flooredShares(counts: Float64Array, floor: number): Float64Array {
  const low = new Set<number>();
  // Each round puts at least one more entry at the floor, or is the last.
  for (;;) {
    let rest = 0;
    for (const [at, count] of counts.entries()) if (!low.has(at)) rest += count;
    const left = 1 - floor * low.size;
    const shares = counts.map((count, at) => (low.has(at) ? floor : (count / rest) * left));
    const below = Array.from(shares.keys()).filter((at) => !(shares[at]! >= floor));
    if (below.length === 0) return shares;
    for (const at of below) low.add(at);
  }
}
