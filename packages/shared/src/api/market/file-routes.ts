import { z } from 'zod';
import { READERS, route } from '../../route.ts';
import { intText, StreamIdInPath } from '../../vocabulary.ts';
import { HeldFile } from './curated.ts';
import { FileStatus, LedgerFile } from './files.ts';

/** The files that bars came in. */
export const fileRoutes = {
  files: route({
    method: 'GET',
    path: '/files',
    summary: 'The files of the ledger, oldest first.',
    roles: READERS,
    query: z.strictObject({
      stream: StreamIdInPath.optional(),
      status: FileStatus.optional(),
      limit: intText(1, 10_000).optional(),
    }),
    response: z.strictObject({ files: z.array(LedgerFile) }),
  }),
  heldFile: route({
    method: 'GET',
    path: '/files/:file_id/held',
    summary:
      'Whether the curated store holds the bars of a file: read from storage and compared value by value.',
    roles: READERS,
    params: z.strictObject({ file_id: z.uuid() }),
    response: HeldFile,
    timeoutMs: 60_000,
  }),
} as const;
