import type { LedgerFileTable } from '@aistock/database';
import type { Selectable } from 'kysely';

/** A row of the ledger, as it is in the database. */
export type LedgerFileRow = Selectable<LedgerFileTable>;

/** What proves a claim: the file and the number of the claim. A claimed row is one. */
export interface Claim {
  file_id: string;
  claim_epoch: number;
}
