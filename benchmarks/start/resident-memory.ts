import { readFile } from 'node:fs/promises';

/** Resident memory of a process in MiB, as Linux counts it: pages shared with others are counted in full. */
export async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status does not say VmRSS`);
  return Number(kib) / 1024;
}
