import type { Db } from '@aistock/database';
import { sweepOrphans, type LakeFiles } from '@aistock/lake';
import { findNamedResponses } from '@aistock/ledger';
import type { Clock, Logger } from '@aistock/service-kit';
import { findListed } from './curated/part-catalogue.ts';
import { findRegistered } from './stream-files.ts';

/** Longer than any run takes between writing a file and registering it. */
const ORPHAN_GRACE_MS = 3_600_000;

export interface SweepContext {
  readonly db: Db;
  readonly lake: LakeFiles;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Without the database nothing can be told from an orphan, so nothing is removed; the next sweep does it. */
export async function sweepLake({ db, lake, clock, logger }: SweepContext): Promise<void> {
  try {
    const removed = await sweepOrphans(lake, {
      named: {
        raw: (hashes) => findRegistered(db, hashes),
        curated: (ids) => findListed(db, ids),
        responses: (hashes) => findNamedResponses(db, hashes),
      },
      nowMs: clock.nowMs(),
      graceMs: ORPHAN_GRACE_MS,
    });
    if (removed.length > 0) logger.warn('orphans removed from the lake', { count: removed.length, removed });
  } catch (error) {
    logger.warn('the lake was not swept', { error });
  }
}
