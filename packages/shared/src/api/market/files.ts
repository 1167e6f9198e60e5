import { z } from 'zod';
import { Ms, Sha256, StreamId } from '../../vocabulary.ts';

export const FileStatus = z.enum(['downloaded', 'processing', 'processed', 'quarantined', 'failed']);

export const LedgerFile = z.strictObject({
  file_id: z.uuid(),
  stream: StreamId,
  sha256: Sha256,
  rows: z.int().min(0),
  first_open_ms: Ms.nullable(),
  last_open_ms: Ms.nullable(),
  status: FileStatus,
  claim_epoch: z.int().min(0),
  claimed_by: z.string().nullable(),
  lease_until_ms: Ms.nullable(),
  attempts: z.int().min(0),
  reason: z.string().nullable(),
  registered_ms: Ms,
  deleted_ms: Ms.nullable(),
});
