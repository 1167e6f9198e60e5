/** A hundred pairs of windows: fast 5 to 50 by 5, slow 60 to 240 by 20. */
export function sweepPairs(): { readonly fast: number; readonly slow: number }[] {
  const tens = Array.from({ length: 10 }, (_, index) => index);
  return tens.flatMap((a) => tens.map((b) => ({ fast: 5 + 5 * a, slow: 60 + 20 * b })));
}
