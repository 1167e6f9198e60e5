import { realpath } from 'node:fs/promises';
import { runningPostmaster, stopPostmaster } from './postmaster.ts';

/** Stops the server that runs on a data folder, whoever started it. @returns whether there was one. */
export async function stopPostgres(dataDir: string): Promise<boolean> {
  const found = await realpath(dataDir).catch(() => undefined);
  const running = found === undefined ? undefined : await runningPostmaster(found);
  if (running === undefined) return false;
  await stopPostmaster(running.pid);
  return true;
}
