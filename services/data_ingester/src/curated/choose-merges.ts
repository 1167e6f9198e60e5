/** What is asked of a part to decide whether it is merged. */
export interface MergeCandidate {
  readonly year: number;
  readonly revisionMax: number;
  readonly firstOpenMs: number;
  /** How many it was made from. */
  readonly rawFiles: number;
}

/** So many parts of about the same size become one. */
export const MERGED_PARTS = 16;
/** A part lists its raw files, and what it lists is read each time it is opened. */
export const RAW_FILES_MAX = 4_096;

/**
 * Which parts of a stream become one: sixteen that were made from about as many raw files each, in order of time, so
 * that a bar is written again only as often as its part grows sixteenfold. A year ends up in a few dozen parts at most.
 * What was restated stays apart from what was first published: a part that reaches over the whole year for a few
 * restated bars would have to be opened for every page of it.
 */
export function chooseMerges<P extends MergeCandidate>(parts: readonly P[]): P[][] {
  const groups = Map.groupBy(
    parts,
    ({ year, revisionMax, rawFiles }) => `${year} ${revisionMax > 0} ${sizeClass(rawFiles)}`,
  );
  return [...groups.values()].flatMap((group) => {
    const inOrder = group.toSorted((a, b) => a.firstOpenMs - b.firstOpenMs);
    return Array.from({ length: Math.floor(inOrder.length / MERGED_PARTS) }, (_, index) =>
      inOrder.slice(index * MERGED_PARTS, (index + 1) * MERGED_PARTS),
    ).filter((merged) => rawFilesOf(merged) <= RAW_FILES_MAX);
  });
}

/** 0 for one raw file, 1 from 2 on, 2 from 17 on, 3 from 257 on. */
function sizeClass(files: number): number {
  return Math.ceil(Math.log2(files) / Math.log2(MERGED_PARTS));
}

function rawFilesOf(parts: readonly MergeCandidate[]): number {
  return parts.reduce((sum, { rawFiles }) => sum + rawFiles, 0);
}
