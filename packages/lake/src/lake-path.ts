const SHA256 = /^[0-9a-f]{64}$/;
/** Characters that DuckDB reads as a pattern over files. */
const PATTERN_CHARACTERS = /[*?[\]{}]/;

/** The path of a file that is named by its hash; the only way in which the lake makes paths. */
export function hashedPath(folder: string, sha256: string, suffix: string): string {
  if (!SHA256.test(sha256)) throw new TypeError('a file of the lake is named by a SHA-256 in lower-case hex');
  return `${folder}/${sha256.slice(0, 2)}/${sha256}${suffix}`;
}

/** Where the bars of a chunk are as they were accepted: gzip CSV. */
export function rawPath(sha256: string): string {
  return hashedPath('raw', sha256, '.csv.gz');
}

/** Where refused bytes are kept as they came. */
export function quarantinePath(sha256: string): string {
  return hashedPath('quarantine', sha256, '.bin');
}

/** Where the bars of a raw file were as Parquet before the curated store had a folder for each stream and year. */
export function earlierPartPath(sha256: string): string {
  return hashedPath('curated', sha256, '.parquet');
}

const EARLIER_PART = /^curated\/[0-9a-f]{2}\/[0-9a-f]{64}\.parquet$/;

/** Whether a file of the lake is one of those. */
export function isEarlierPart(path: string): boolean {
  return EARLIER_PART.test(path);
}

/** The hash that a file of the lake is named by, or undefined for another file. */
export function hashOfPath(path: string): string | undefined {
  return /(?:^|[/\\])([0-9a-f]{64})\.[a-z.]+$/.exec(path)?.[1];
}

/** @throws TypeError for a folder whose name DuckDB would read as a pattern, or that holds a NUL. */
export function checkedLakeFolder(folder: string): string {
  if (folder === '' || folder.includes('\0') || PATTERN_CHARACTERS.test(folder))
    throw new TypeError('the lake folder must not be empty nor hold NUL or any of * ? [ ] { }');
  return folder;
}
