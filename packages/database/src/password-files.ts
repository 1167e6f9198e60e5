import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@aistock/shared';

const PASSWORD_BYTES = 32;
const OWNER_ONLY = 0o600;

/** Where the password of a service's role, or of the owner `postgres`, is kept in a folder. */
export function passwordFile(folder: string, name: ServiceName | 'postgres'): string {
  return join(folder, `${name}.password`);
}

/**
 * Reads a password, making it where it is missing; two that start at once agree on one.
 * @param mode file permissions of a new file; the owner's only unless told.
 * @throws Error where the file is there but cut short, naming it.
 */
export async function openPassword(path: string, mode = OWNER_ONLY): Promise<string> {
  try {
    await writeFile(path, randomBytes(PASSWORD_BYTES).toString('hex'), { flag: 'wx', mode, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readPassword(path);
}

/** @throws Error where the file is missing or cut short. */
export async function readPassword(path: string): Promise<string> {
  const password = (await readFile(path, 'utf8')).trim();
  if (password.length < PASSWORD_BYTES)
    throw new Error(`${path} does not hold a password of ${PASSWORD_BYTES} characters or more`);
  return password;
}

/** The password of each service's role, each in the file that `fileOf` names, made where it is missing. */
export async function openRolePasswords(
  fileOf: (service: ServiceName) => string,
  mode = OWNER_ONLY,
): Promise<Readonly<Record<ServiceName, string>>> {
  const entries = SERVICE_NAMES.map(
    async (service) => [service, await openPassword(fileOf(service), mode)] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as Record<ServiceName, string>;
}
