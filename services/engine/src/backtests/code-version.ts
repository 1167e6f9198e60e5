import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };

const HASH_CHARACTERS = 16;
/** What decides about a result: its own sources, and those of what it computes with. */
const SOURCES = [
  new URL('.', import.meta.url).href,
  ...['@aistock/trading/backtest', '@aistock/market', '@aistock/hmm-ts', '@aistock/shared'].map((name) =>
    import.meta.resolve(name),
  ),
];
const PACKAGE_SOURCES = /^(.*\/(?:packages|services)\/[^/]+\/src)\//;

/**
 * The version of the package and a hash of the sources that run, such as `0.1.0+3f2a...`: the same text is the same code,
 * whether or not it was committed.
 */
export async function codeVersion(): Promise<string> {
  const hash = createHash('sha256');
  for (const url of SOURCES) {
    const file = fileURLToPath(url);
    const folder = PACKAGE_SOURCES.exec(file)?.[1] ?? dirname(file);
    const names = await readdir(folder, { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.ts') && !each.endsWith('.test.ts')).toSorted())
      hash.update(`${name}\n`).update(await readFile(join(folder, name)));
  }
  return `${packageJson.version}+${hash.digest('hex').slice(0, HASH_CHARACTERS)}`;
}
