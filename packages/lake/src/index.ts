export { CuratedStore, PART_BARS_MAX, type BarsQuery } from './curated-store.ts';
export { LakeFileError } from './lake-file-error.ts';
export { nodeDisk, type Disk } from './files/disk.ts';
export { folderLake } from './files/folder-lake.ts';
export type { LakeFiles } from './files/lake-files.ts';
export { openLake } from './files/open-lake.ts';
export { sweepOrphans, type SweepOptions } from './orphan-sweep.ts';
export type { Part, PartWindow } from './part-window.ts';
export { RawStore, type QuarantineReason, type StoredFile } from './raw-store.ts';
