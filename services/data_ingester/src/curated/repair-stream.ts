import { LakeFileError, type MadePart, type Part } from '@aistock/lake';
import { emitEvent } from '@aistock/service-kit';
import type { Accountable } from '@aistock/shared';
import type { z } from 'zod';
import type { Curated } from './compact-stream.ts';
import { listParts, liveParts, retireParts } from './part-catalogue.ts';

/** An event names so many parts itself. */
const PARTS_TOLD_MAX = 100;

export interface Repair {
  readonly verified: number;
  /** Parts that were made anew. */
  readonly repaired: number;
  /** Parts that stay damaged, because raw files of theirs are gone. */
  readonly lost: readonly { readonly part: Part; readonly why: string }[];
}

/**
 * Hashes every part of a stream, and makes those that are missing or damaged anew from their raw files. A part whose raw
 * files are not all there stays as it is, and reads of it go on failing.
 */
export async function repairStream(
  curated: Curated,
  stream: string,
  asked: z.infer<typeof Accountable>,
): Promise<Repair> {
  const parts = await liveParts(curated.db, stream);
  const lost: { part: Part; why: string }[] = [];
  let repaired = 0;
  for (const part of parts) {
    const damage = await damageOf(curated, part);
    if (damage === undefined) continue;
    try {
      await remake(curated, part, asked);
      repaired += 1;
    } catch (error) {
      if (!(error instanceof LakeFileError)) throw error;
      lost.push({ part, why: `${damage}; ${error.message}` });
    }
  }
  return { verified: parts.length, repaired, lost };
}

async function damageOf({ curated }: Curated, part: Part): Promise<string | undefined> {
  try {
    await curated.verify(part);
    return undefined;
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    return error.message;
  }
}

/**
 * The same bars may make the same part again: then its file is whole now, and its row stays. What was withdrawn from it
 * after it was made does not come back.
 */
async function remake(
  { db, curated }: Curated,
  part: Part,
  asked: z.infer<typeof Accountable>,
): Promise<void> {
  const files = await db
    .selectFrom('ledger.file')
    .innerJoin('market.file_source', 'market.file_source.file_id', 'ledger.file.file_id')
    .select(['sha256', 'revision', 'source', 'known_at', 'status'])
    .where('stream', '=', part.stream)
    .where('sha256', 'in', part.rawSha256)
    .orderBy('first_open_at')
    .execute();
  const served = files.filter(({ status }) => status !== 'quarantined');
  const made: MadePart[] = [];
  for (const { sha256, revision, source, known_at: knownAt } of served)
    made.push(
      ...(await curated.writeRaw(
        { stream: part.stream, sha256, revision, source, knownMs: knownAt.getTime() },
        part.year,
      )),
    );
  const rows = made.reduce((sum, each) => sum + each.part.rows, 0);
  // How many of its rows are of a file that was withdrawn, nothing tells; each other raw file is what its hash says.
  const all = served.length === part.rawSha256.length;
  if (files.length !== part.rawSha256.length || (all && rows !== part.rows))
    throw new LakeFileError('corrupt', `its raw files hold ${rows} bars of ${part.year}, not ${part.rows}`);
  await db.transaction().execute(async (trx) => {
    if (!(await retireParts(trx, [part.partId]))) return;
    await listParts(trx, curated, { made, sources: [...new Set(served.map(({ source }) => source))] });
    await emitEvent(trx, {
      kind: 'part.repaired',
      subject: part.stream,
      payload: {
        part_id: part.partId,
        parts: made.slice(0, PARTS_TOLD_MAX).map((each) => each.part.partId),
        parts_total: made.length,
        ...asked,
      },
    });
  });
}
