import type { Db } from '@aistock/database';
import { LakeFileError, verifyHeld, type LakeFiles, type RegisteredRaw } from '@aistock/lake';
import { ServiceError } from '@aistock/service-kit';
import type { dataIngesterApi, Output } from '@aistock/shared';
import { partsOfFile } from './part-catalogue.ts';

type HeldAnswer = Output<typeof dataIngesterApi.heldFile>;

/**
 * Whether the curated store holds the bars of a registered file, by its files as they are on storage now.
 * @throws ServiceError 404 `file_unknown`.
 */
export async function heldFile(db: Db, lake: LakeFiles, fileId: string): Promise<HeldAnswer> {
  const file = await db
    .selectFrom('ledger.file')
    .select(['stream', 'sha256', 'rows', 'status', 'first_open_at', 'last_open_at'])
    .where('file_id', '=', fileId)
    .executeTakeFirst();
  if (file === undefined) throw new ServiceError('file_unknown', 404, `there is no file ${fileId}`);
  const { stream, sha256, rows, status, first_open_at: first, last_open_at: last } = file;
  const told = { file_id: fileId, rows };
  const not = (detail: string): HeldAnswer => ({ ...told, held: false, bars_sha256: null, detail });
  if (status === 'quarantined' || first === null || last === null) return not('its bars were refused');
  const raw: RegisteredRaw = { sha256, rows, firstOpenMs: first.getTime(), lastOpenMs: last.getTime() };
  try {
    const bars = await verifyHeld(lake, raw, await partsOfFile(db, stream, sha256));
    return { ...told, held: true, bars_sha256: bars, detail: null };
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    return not(error.message);
  }
}
