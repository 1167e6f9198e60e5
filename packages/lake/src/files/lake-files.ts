/** The bytes themselves, or what writes them as a new file at a local path that it is given. */
export type FileContent = Uint8Array | ((localPath: string) => Promise<void>);

/** A file as the storage lists it; its path is as in {@link LakeFiles}. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  /** Unix ms, by the clock of the storage. */
  readonly modifiedMs: number;
}

/**
 * Where the files of the lake are: a folder, or a bucket of S3-compatible storage. Paths are relative to its top, with
 * slashes on every system, such as `raw/ab/ab12….csv.gz`. What the storage throws passes as it came.
 */
export interface LakeFiles {
  /** For people: the folder, or the bucket. */
  readonly place: string;
  /** Makes the folder where it is missing, then as {@link check}. */
  prepare(): Promise<void>;
  /** @throws where the storage is not there or cannot be written to. */
  check(): Promise<void>;
  /**
   * Puts a whole file at `path` or nothing; it is on disk when this returns. A file that is there already is replaced,
   * so that what an earlier, interrupted run left is on disk for sure too.
   */
  put(path: string, content: FileContent): Promise<void>;
  /** @throws LakeFileError where the file is missing or larger than the bound. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Removes a file for good; one that is not there is fine. */
  remove(path: string): Promise<void>;
  /** All files in and below the folder, also what interrupted puts left; none where there is no such folder. */
  list(folder: string): AsyncIterable<ListedFile>;
  /**
   * Runs something on local copies of files, in their order; the local paths hold until it ends.
   * @throws LakeFileError where a file is missing.
   */
  withLocal<T>(paths: readonly string[], use: (localPaths: readonly string[]) => Promise<T>): Promise<T>;
}
