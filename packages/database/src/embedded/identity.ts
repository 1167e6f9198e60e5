import { spawnSync } from 'node:child_process';
import { chown } from 'node:fs/promises';

/** The user that the server runs as, where that is not our own. */
export interface Identity {
  uid: number;
  gid: number;
}

/** `nobody` on Linux: it owns nothing else and has no rights. */
const NOBODY: Identity = { uid: 65_534, gid: 65_534 };

/** Postgres refuses to run as root, so root hands over to `nobody`; everyone else runs it as oneself. */
export function serverIdentity(): Identity | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Gives a file or folder to the user that the server runs as. */
export async function handOver(path: string, identity: Identity | undefined): Promise<void> {
  if (identity !== undefined) await chown(path, identity.uid, identity.gid);
}

/** Whether the user can come to a folder: a folder above it may be closed to others, as /root is. */
export function canReach(directory: string, identity: Identity | undefined): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { cwd: '/', ...identity });
  return probe.status === 0;
}
