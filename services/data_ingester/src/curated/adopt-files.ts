import type { Db, LedgerFileTable } from '@aistock/database';
import { LakeFileError, type MadePart, type RawFile } from '@aistock/lake';
import type { Selectable } from 'kysely';
import type { Curated } from './compact-stream.ts';
import { listParts } from './part-catalogue.ts';

const FILES_PER_READ = 500;

/** A registered file whose bars are nowhere to be found. */
export interface LostBars {
  readonly stream: string;
  readonly fileId: string;
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  readonly why: string;
}

export interface Adopted {
  readonly adopted: number;
  readonly lost: readonly LostBars[];
}

type Orphan = Selectable<LedgerFileTable> & { readonly source: string };

/**
 * Makes the parts of files that were registered before the store had a catalogue: from their raw bytes, or where those
 * were deleted from the Parquet file of the earlier layout. Each file in a transaction of its own, so that a run that
 * was interrupted goes on where it stood.
 */
export async function adoptFiles(curated: Curated): Promise<Adopted> {
  const lost: LostBars[] = [];
  let adopted = 0;
  let after: string | undefined;
  for (;;) {
    const files = await filesWithoutParts(curated.db, after);
    for (const file of files) {
      const why = await adopt(curated, file);
      if (why === undefined) adopted += 1;
      else lost.push(toLost(file, why));
    }
    after = files.at(-1)?.file_id;
    if (after === undefined) break;
  }
  if (lost.length === 0) await curated.curated.removeEarlier();
  return { adopted, lost };
}

async function filesWithoutParts(db: Db, after: string | undefined): Promise<Orphan[]> {
  return db
    .selectFrom('ledger.file')
    .innerJoin('market.stream', 'market.stream.stream', 'ledger.file.stream')
    .leftJoin('market.file_source', 'market.file_source.file_id', 'ledger.file.file_id')
    .selectAll('ledger.file')
    .select('market.stream.source')
    .where('market.file_source.file_id', 'is', null)
    .where('status', '<>', 'quarantined')
    .$if(after !== undefined, (query) => query.where('ledger.file.file_id', '>', after ?? ''))
    .orderBy('ledger.file.file_id')
    .limit(FILES_PER_READ)
    .execute();
}

/** What is in the way, or undefined where the file is adopted now. */
async function adopt({ db, curated }: Curated, file: Orphan): Promise<string | undefined> {
  const { file_id: fileId, stream, sha256, revision, source, registered_at: knownAt } = file;
  const raw = { stream, sha256, source, revision, knownMs: knownAt.getTime() };
  let made: readonly MadePart[];
  try {
    made = await makeFrom(curated, raw);
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    // Another process may have adopted it meanwhile, and removed what it was made from.
    return (await isAdopted(db, fileId)) ? undefined : error.message;
  }
  const rows = made.reduce((sum, { part }) => sum + part.rows, 0);
  if (rows !== file.rows) return `its file holds ${rows} bars, not ${file.rows}`;
  await db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('market.file_source')
      .values({ file_id: fileId, source, known_at: knownAt })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) await listParts(trx, curated, { made, sources: [source] });
  });
  return undefined;
}

async function isAdopted(db: Db, fileId: string): Promise<boolean> {
  const row = await db
    .selectFrom('market.file_source')
    .select('file_id')
    .where('file_id', '=', fileId)
    .executeTakeFirst();
  return row !== undefined;
}

async function makeFrom(curated: Curated['curated'], raw: RawFile): Promise<readonly MadePart[]> {
  try {
    return await curated.writeRaw(raw);
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    // What is wrong with the raw file is the thing to tell where there is no other.
    return curated.writeEarlier(raw).catch((earlier: unknown) => {
      throw earlier instanceof LakeFileError ? error : earlier;
    });
  }
}

function toLost(file: Orphan, why: string): LostBars {
  return {
    stream: file.stream,
    fileId: file.file_id,
    firstOpenMs: file.first_open_at?.getTime() ?? 0,
    lastOpenMs: file.last_open_at?.getTime() ?? Infinity,
    why,
  };
}
