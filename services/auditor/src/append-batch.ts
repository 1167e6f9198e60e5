import { append, FIRST_PREVIOUS, formatEntry, type Frontier } from '@aistock/audit-log';
import type { NewEntryRow, OutboxRow, Trx } from '@aistock/database';
import { canonicalJson, type AuditEntry } from '@aistock/shared';
import { readFrontier, readSize, readSubtrees } from './tree-store.ts';

/** Rows of one transaction: at 64 kB of payload each still far below what one statement takes. */
export const BATCH_ROWS_MAX = 200;

/**
 * Moves what waits in the outbox to the end of the record, at most {@link BATCH_ROWS_MAX} rows, and answers how
 * many. Every visible row counts, in the order of outbox_id: a transaction that commits late brings rows with
 * lower numbers than those already moved.
 */
export async function appendBatch(trx: Trx): Promise<number> {
  const waiting = await trx
    .selectFrom('audit.outbox')
    .selectAll()
    .orderBy('outbox_id')
    .limit(BATCH_ROWS_MAX)
    .execute();
  if (waiting.length === 0) return 0;
  const size = await readSize(trx);
  const frontier = await readFrontier(trx, size);
  const rows = toEntryRows(waiting, frontier, await readPrevious(trx, size));
  await trx.insertInto('audit.entry').values(rows).execute();
  const moved = waiting.map((row) => row.outbox_id);
  const { numDeletedRows } = await trx
    .deleteFrom('audit.outbox')
    .where('outbox_id', 'in', moved)
    .executeTakeFirstOrThrow();
  if (Number(numDeletedRows) !== moved.length)
    throw new Error('rows of the outbox went away while they were appended');
  return moved.length;
}

async function readPrevious(trx: Trx, size: number): Promise<string> {
  if (size === 0) return FIRST_PREVIOUS;
  const lastLeaf = { level: 0, last: size - 1 };
  return (await readSubtrees(trx, [lastLeaf]))(lastLeaf);
}

function toEntryRows(waiting: readonly OutboxRow[], start: Frontier, startPrevious: string): NewEntryRow[] {
  let frontier = start;
  let previous = startPrevious;
  return waiting.map((row) => {
    const entry = toEntry(row, frontier.size, previous);
    const step = append(frontier, entry.leaf_sha256);
    frontier = step.frontier;
    previous = entry.leaf_sha256;
    return {
      entry_index: entry.index,
      event_id: entry.event_id,
      kind: entry.kind,
      subject: entry.subject,
      service: entry.service,
      occurred_at: new Date(entry.occurred_ms),
      body: entry.body,
      subtree_hashes: [...step.completed],
    };
  });
}

function toEntry(row: OutboxRow, index: number, previous: string): AuditEntry {
  return formatEntry({
    index,
    event_id: row.event_id,
    kind: row.kind,
    subject: row.subject,
    service: row.service,
    occurred_ms: row.occurred_at.getTime(),
    payload: readPayload(row.payload),
    prev_sha256: previous,
  });
}

/** A payload that is no JSON goes on the record as the text that it is: it must not stop what comes after it. */
function readPayload(text: string): unknown {
  try {
    const payload: unknown = JSON.parse(text);
    canonicalJson(payload);
    return payload;
  } catch {
    return text;
  }
}
