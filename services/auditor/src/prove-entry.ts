import { inclusionRanges, neededSubtrees, proofPath, verifyInclusion } from '@aistock/audit-log';
import type { Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import type { auditorApi, Output } from '@aistock/shared';
import { newestCheckpoint } from './checkpoint-store.ts';
import { RecordBroken } from './record-broken.ts';
import { readSubtrees } from './tree-store.ts';

/**
 * The inclusion proof of an entry in the newest checkpoint, which it is checked against before it is given away.
 * @throws ServiceError where that checkpoint does not cover the entry.
 */
export function proveEntry(db: Db, index: number): Promise<Output<typeof auditorApi.proof>> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const { tree_size: size, root } = await newestCheckpoint(trx);
      if (index >= size)
        throw new ServiceError(
          'entry_unknown',
          404,
          `the newest checkpoint covers ${size} entries, counted from 0`,
        );
      const ranges = inclusionRanges(index, size);
      const leafTree = { level: 0, last: index };
      const hashOf = await readSubtrees(trx, [leafTree, ...neededSubtrees(ranges)]);
      const proof = { index, size, leaf: hashOf(leafTree), root, path: proofPath(ranges, hashOf) };
      if (!verifyInclusion(proof))
        throw new RecordBroken({ index, problem: 'its proof does not lead to the signed root' });
      return { index, size, leaf_sha256: proof.leaf, root, path: proof.path };
    });
}
