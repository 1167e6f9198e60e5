import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { claimSession } from './claim.ts';
import { appendJournal, newestSnapshot, snapshotBefore, writeSnapshot } from './journal.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIRST_MS = Date.UTC(2026, 0, 1);

test('of older states those are kept that a day begins with, as far back as days are run again', async () => {
  await using stack = await sessionDatabase();
  const { db, claim } = stack;
  const kept = async (): Promise<number[]> => {
    const rows = await db.selectFrom('engine.snapshot').select('seq').orderBy('seq').execute();
    return rows.map(({ seq }) => seq);
  };
  const close = async (seq: number): Promise<void> => {
    const entry = { seq, closeMs: FIRST_MS + seq * 8 * HOUR_MS, events: [], lines: [] };
    await appendJournal(db, claim, [entry], {} as never);
    await writeSnapshot(db, claim, { seq, state: { seq } });
  };
  for (let seq = 1; seq <= 7; seq++) await close(seq);
  // Three closes a day: 3 and 6 are at midnight; 6 and 7 are the newest two, and 0 begins the first day.
  assert.deepEqual(await kept(), [0, 3, 6, 7]);
  for (let seq = 8; seq <= 105; seq++) await close(seq);
  const midnights = Array.from({ length: 33 }, (_, ago) => 105 - 3 * ago).toReversed();
  assert.deepEqual(
    await kept(),
    [...midnights.slice(0, -1), 104, 105].toSorted((a, b) => a - b),
  );

  assert.equal((await newestSnapshot(db, claim.sessionId)).seq, 105);
  assert.equal((await snapshotBefore(db, claim.sessionId, FIRST_MS + 30 * DAY_MS))!.seq, 90);
  assert.equal((await snapshotBefore(db, claim.sessionId, FIRST_MS + 30 * DAY_MS - 1))!.seq, 87);
  assert.equal(await snapshotBefore(db, claim.sessionId, FIRST_MS + 2 * DAY_MS), undefined);
});

async function sessionDatabase() {
  const database = await createTestDatabase();
  const { db } = database;
  const { session_id: sessionId } = await db
    .insertInto('engine.session')
    .values({ account: 'paper', mode: 'live', terms_sha256: '0'.repeat(64), terms: '{}' })
    .returning('session_id')
    .executeTakeFirstOrThrow();
  await sql`INSERT INTO engine.snapshot (session_id, seq, state) VALUES (${sessionId}, 0, '{}')`.execute(db);
  const claim = await claimSession(db, { sessionId, account: 'paper', claimer: 'test', leaseMs: 60_000 });
  return { db, claim, [Symbol.asyncDispose]: () => database.drop() };
}
