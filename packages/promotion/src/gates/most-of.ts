/** The largest; null of none, and where one could not be computed: what is not known may be worse. */
export function mostOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (most, value, index) =>
      value === null || (most === null && index > 0) ? null : Math.max(most ?? value, value),
    null,
  );
}
