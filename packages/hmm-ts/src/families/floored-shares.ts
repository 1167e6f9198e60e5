/**
 * The distribution with no entry below the floor under which the counts are most likely: entries whose share would be
 * lower get the floor, the others share what is left. What was impossible before stays so, as EM has it.
 * @param counts above zero in total. `floor` × entries must be well below one.
 */
export function flooredShares(counts: Float64Array, floor: number, before: Float64Array): Float64Array {
  const low = new Set<number>();
  const possible = before.map((share) => (share > 0 ? 1 : 0));
  // Each round puts at least one more entry at the floor, or is the last.
  for (;;) {
    let rest = 0;
    for (const [at, count] of counts.entries()) if (!low.has(at)) rest += count * possible[at]!;
    const left = 1 - floor * low.size;
    const shares = counts.map((count, at) => (low.has(at) ? floor : (count / rest) * left * possible[at]!));
    const below = Array.from(shares.keys()).filter((at) => possible[at] === 1 && !(shares[at]! >= floor));
    if (below.length === 0) return shares;
    for (const at of below) low.add(at);
  }
}
