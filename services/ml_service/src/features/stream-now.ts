import type { Db } from '@aistock/database';
import { FEATURES, refOf } from '@aistock/features';
import type { FeatureManifest } from '@aistock/lake';
import { findFirst } from '@aistock/ledger';
import { inputHashes } from './input-hashes.ts';
import { rangesOf, standing, type Standing } from './plan-build.ts';

/** Which parts of a stream still stand, by what the ledger has now. */
export async function standingNow(
  db: Db,
  stream: string,
  manifest: FeatureManifest | undefined,
): Promise<Standing> {
  const firstOpenMs = await findFirst(db, stream);
  if (!manifest || firstOpenMs === null) return { base: undefined, kept: [], staleFrom: null };
  const inputs = await inputHashes(db, stream, rangesOf(manifest));
  return standing(manifest, { features: FEATURES.map(refOf), firstOpenMs, inputs });
}

/** Every stream that has bars. */
export async function streamsWithBars(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('ledger.watermark').select('stream').orderBy('stream').execute();
  return rows.map(({ stream }) => stream);
}
