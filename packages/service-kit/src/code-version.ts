import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HASH_CHARACTERS = 16;
const PACKAGE_SOURCES = /^(.*\/(?:packages|services)\/[^/]+\/src)\//;

/**
 * The version of a package and a hash of sources that run, such as `0.1.0+3f2a...`: the same text is the same code, whether
 * or not it was committed. A test of it is not among them.
 * @param sources URLs of modules; the whole `src` folder that each is in counts.
 */
export async function codeVersion(version: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const url of sources) {
    const file = fileURLToPath(url);
    const folder = PACKAGE_SOURCES.exec(file)?.[1] ?? dirname(file);
    const names = await readdir(folder, { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts')).toSorted())
      hash.update(`${name}\n`).update(await readFile(join(folder, name)));
  }
  return `${version}+${hash.digest('hex').slice(0, HASH_CHARACTERS)}`;
}
