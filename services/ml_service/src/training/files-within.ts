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

interface Placed {
  readonly first_open_at: Date | null;
}

/** Files from before the end of the line, or those that follow on it: bars of both make no one sequence. */
export function filesOnOneSide<File extends Placed>(
  files: readonly File[],
  lineEnd: Date | null,
): { taken: File[]; left: File[] } {
  const isEarlier = ({ first_open_at: at }: Placed) => at !== null && lineEnd !== null && at < lineEnd;
  const late = files.filter(isEarlier);
  if (late.length === 0) return { taken: [...files], left: [] };
  return { taken: late, left: files.filter((file) => !isEarlier(file)) };
}
