import { open, type FileHandle } from 'node:fs/promises';
import { SourceError } from '../bar-source.ts';
import { readCsvFile, type BarFile, type FileBars, type ReadTerms } from './read-csv-file.ts';

/** Parsed bars that are kept in memory, over all files. */
const CACHED_BARS_MAX = 500_000;

interface Cached {
  /** Changes when the file does. */
  readonly version: string;
  readonly content: FileBars;
}

/** Reads files of bars and keeps the last ones parsed, for as long as they do not change on disk. */
export interface FileCache {
  /** @throws SourceError `source_unreachable` or `malformed_data`. */
  readonly read: (file: BarFile, terms: ReadTerms) => Promise<FileBars>;
}

export function fileCache(): FileCache {
  const cache = new Map<string, Cached>();
  return {
    read: async (file, terms) => {
      await using handle = await openFile(file);
      const version = await versionOf(handle, file);
      const known = cache.get(file.path);
      cache.delete(file.path);
      const content = known?.version === version ? known.content : await readCsvFile(handle, file, terms);
      cache.set(file.path, { version, content }); // Set anew each time: the map's first key is the least recently used.
      dropOldest(cache);
      return content;
    },
  };
}

async function openFile(file: BarFile): Promise<FileHandle> {
  try {
    return await open(file.path, 'r');
  } catch (error) {
    throw new SourceError('source_unreachable', `${file.label} cannot be opened`, { cause: error });
  }
}

async function versionOf(handle: FileHandle, file: BarFile): Promise<string> {
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) throw new SourceError('source_unreachable', `${file.label} is not a file`);
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}

function dropOldest(cache: Map<string, Cached>): void {
  let bars = 0;
  for (const { content } of cache.values()) bars += content.bars.length;
  for (const [path, { content }] of cache) {
    if (bars <= CACHED_BARS_MAX) return;
    cache.delete(path);
    bars -= content.bars.length;
  }
}
