import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type Binaries, ROOT_STATE_DIR } from './binaries.ts';
import { canReach, handOver, type Identity } from './identity.ts';

const OUTPUT_CHARS_MAX = 4_000;

/**
 * Where the data really is: the folder asked for or, where the server's user cannot come to that, a folder of its
 * own that a link in the asked-for place points to.
 */
export async function reachableDirectory(asked: string, identity: Identity | undefined): Promise<string> {
  const link = resolve(asked);
  await mkdir(dirname(link), { recursive: true });
  const found = await realpath(link).catch(() => undefined);
  if (found !== undefined) return found;
  const parent = await realpath(dirname(link));
  if (!canReach(parent, identity)) await letOthersPass(parent);
  if (canReach(parent, identity)) return join(parent, basename(link));
  await mkdir(ROOT_STATE_DIR, { recursive: true, mode: 0o755 });
  const elsewhere = await mkdtemp(join(ROOT_STATE_DIR, 'data-'));
  await handOver(elsewhere, identity);
  await rm(link, { force: true });
  await symlink(join(elsewhere, 'postgres'), link);
  return join(elsewhere, 'postgres');
}

/**
 * Opens what mkdtemp closed, below the system's temporary folder and nowhere else: others may then pass through, not
 * look. Data of a temporary folder thus stays in it, and goes with it.
 */
async function letOthersPass(directory: string): Promise<void> {
  const temporary = await realpath(tmpdir());
  for (let folder = directory; folder.startsWith(temporary + sep); folder = dirname(folder)) {
    await chmod(folder, (await stat(folder)).mode | 0o011);
  }
}

/** Makes a new cluster unless there is one: under another name first, so that a half-made one never counts. */
export async function ensureCluster(options: {
  binaries: Binaries;
  dataDir: string;
  password: string;
  identity: Identity | undefined;
}): Promise<boolean> {
  const { binaries, dataDir, password, identity } = options;
  if (await hasCluster(dataDir)) return false;
  const unfinished = `${dataDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  await handOver(unfinished, identity);
  const secrets = await mkdtemp(join(tmpdir(), 'aistock-initdb-'));
  try {
    const passwordFile = join(secrets, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await handOver(secrets, identity);
    await handOver(passwordFile, identity);
    await initdb(binaries, ['-D', unfinished, '--pwfile', passwordFile], identity);
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
  await rename(unfinished, dataDir);
  return true;
}

async function hasCluster(dataDir: string): Promise<boolean> {
  return access(join(dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

async function initdb(binaries: Binaries, args: string[], identity: Identity | undefined): Promise<void> {
  const options = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  const child = spawn(binaries.initdb, [...args, ...options], {
    cwd: '/',
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...identity,
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`initdb failed: ${output.trim()}`);
}
