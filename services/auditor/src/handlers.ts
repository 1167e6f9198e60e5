import type { Db } from '@aistock/database';
import { emitEvent, type Handlers } from '@aistock/service-kit';
import type { auditorApi } from '@aistock/shared';
import type { Auditor } from './auditor.ts';
import { newestCheckpoint } from './checkpoint-store.ts';
import { listEntries, toAuditEntry } from './entry-store.ts';
import { proveEntry } from './prove-entry.ts';

const LIMIT_DEFAULT = 100;

export function createHandlers(db: Db, auditor: Auditor): Handlers<typeof auditorApi> {
  return {
    events: async ({ query: { from = 0, limit = LIMIT_DEFAULT, kind, subject } }) => {
      const rows = await listEntries(db, { from, limit, kind, subject });
      const last = rows.at(-1);
      const next_from = rows.length === limit && last !== undefined ? last.entry_index + 1 : null;
      return { entries: rows.map(toAuditEntry), next_from };
    },
    note: async ({ body: { subject, by, reason } }) => {
      const event = { kind: 'operator.note', subject, payload: { by, reason } } as const;
      return { event_id: await db.transaction().execute((trx) => emitEvent(trx, event)) };
    },
    verify: () => auditor.verify(),
    checkpoint: async () => {
      const { tree_size, root, signed_at, note, verifier_key } = await newestCheckpoint(db);
      return { size: tree_size, root, signed_ms: signed_at.getTime(), note, verifier_key };
    },
    proof: ({ params: { index } }) => proveEntry(db, index),
  };
}
