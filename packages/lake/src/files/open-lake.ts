import { folderLake } from './folder-lake.ts';
import type { LakeFiles } from './lake-files.ts';
import { s3Lake, type S3Place } from './s3-lake.ts';

/** A folder; or S3-compatible storage and a folder for local copies, which one process alone may use. */
export type LakePlace = { readonly folder: string } | { readonly s3: S3Place; readonly copiesFolder: string };

/** The lake that the configuration names. Nothing is asked of it yet. */
export function openLake(place: LakePlace): LakeFiles {
  return 's3' in place ? s3Lake(place.s3, place.copiesFolder) : folderLake(place.folder);
}
