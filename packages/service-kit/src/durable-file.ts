import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the creation of a file outlast a crash of the machine: the entry is in its folder, which is a file too. */
export async function syncFolderOf(path: string): Promise<void> {
  await using folder = await open(dirname(path), 'r');
  await folder.sync();
}
