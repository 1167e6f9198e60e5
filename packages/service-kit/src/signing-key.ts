import { createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from './config.ts';
import { syncFolderOf } from './durable-file.ts';

const OWNER_ONLY = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o007;

/**
 * The Ed25519 key that a service signs with; made at the first start where the file is not there.
 * @param variable the setting that names the file, for what is thrown.
 * @throws ConfigError for a file that everybody can read, or that holds something else than an Ed25519 private key.
 */
export async function loadSigningKey(file: string, variable: string): Promise<KeyObject> {
  if (!(await createOnce(file))) await refuseOpenMode(file, variable);
  try {
    const key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below; the message of the library could repeat parts of the file.
  }
  throw new ConfigError([`${variable}: ${file} must hold an Ed25519 private key as PEM`]);
}

/** Answers whether the file was made now. It appears with all of its content or not at all. */
async function createOnce(file: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${randomUUID()}`;
  try {
    await using handle = await open(draft, 'wx', OWNER_ONLY);
    await handle.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolderOf(file);
  return true;
}

async function refuseOpenMode(file: string, variable: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0)
    throw new ConfigError([`${variable}: ${file} can be read by everybody; chmod 600 it`]);
}
