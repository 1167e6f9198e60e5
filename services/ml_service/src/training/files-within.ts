interface Counted {
  readonly rows: number;
}

/** The first files that together hold at most `rowsMax` rows, at least one where there is any; and the rest. */
export function filesWithin<File extends Counted>(
  files: readonly File[],
  rowsMax: number,
): { taken: File[]; left: File[] } {
  let rows = 0;
  const past = files.findIndex((file, index) => {
    rows += file.rows;
    return index > 0 && rows > rowsMax;
  });
  const count = past === -1 ? files.length : past;
  return { taken: files.slice(0, count), left: files.slice(count) };
}
