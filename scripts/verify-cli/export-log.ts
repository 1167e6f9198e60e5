import { open, writeFile } from 'node:fs/promises';
import { auditorApi, createClient } from '@aistock/shared';

const PAGE_ENTRIES = 1_000;

export interface ExportFiles {
  readonly entries: string;
  readonly checkpoint: string;
  readonly key: string;
}

/** Writes the log of an auditor, up to its newest checkpoint, that checkpoint and its key to files. */
export async function exportLog(url: string, token: string | undefined, files: ExportFiles): Promise<void> {
  const auditor = createClient(auditorApi, { baseUrl: url, ...(token && { token }) });
  const { size, note, verifier_key } = await auditor.checkpoint();
  await using out = await open(files.entries, 'w');
  for (let from = 0; from < size;) {
    const limit = Math.min(PAGE_ENTRIES, size - from);
    const { entries } = await auditor.events({ query: { from: String(from), limit: String(limit) } });
    if (entries.length === 0) break; // cut short: verifying says so
    await out.writeFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    from += entries.length;
  }
  await writeFile(files.checkpoint, note);
  await writeFile(files.key, `${verifier_key}\n`);
}
