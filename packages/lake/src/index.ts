export { CuratedStore, PART_BARS_MAX, type BarsQuery } from './curated-store.ts';
export { LakeFileError } from './lake-file-error.ts';
export { nodeFiles, type LakeFiles, type ListedFile } from './lake-files.ts';
export { sweepOrphans, type SweepOptions } from './orphan-sweep.ts';
export type { Part, PartWindow } from './part-window.ts';
export { RawStore, type QuarantineReason, type StoredFile } from './raw-store.ts';
