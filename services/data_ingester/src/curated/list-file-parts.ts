import type { Trx } from '@aistock/database';
import type { MadePart, PartStore } from '@aistock/lake';
import { listParts } from './part-catalogue.ts';

export interface FileParts {
  readonly fileId: string;
  /** Which source gave the bars. */
  readonly source: string;
  /** When they were learned, Unix ms UTC. */
  readonly knownMs: number;
  readonly made: readonly MadePart[];
}

/** Lists the parts of a file, in the transaction that registers it: from its end on readers see its bars. */
export async function listFileParts(
  trx: Trx,
  store: PartStore,
  { fileId, source, knownMs, made }: FileParts,
): Promise<void> {
  await trx
    .insertInto('market.file_source')
    .values({ file_id: fileId, source, known_at: new Date(knownMs) })
    .execute();
  await listParts(trx, store, { made, sources: [source] });
}
