import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase } from '@aistock/database';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { DATA_SHARES, type Budget } from '../budget.ts';
import { postgresPacer } from '../postgres-pacer.ts';

/** From the reading of the database's clock to the trigger that writes it down again. */
const CLOCK_TOLERANCE_MS = 5;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
  // Every request let through, with the moment at which it was.
  await sql`CREATE SCHEMA proof`.execute(database.db);
  await sql`CREATE TABLE proof.passed (venue text, at timestamptz, weight integer)`.execute(database.db);
  await sql`CREATE FUNCTION proof.note_passed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO proof.passed
      SELECT NEW.venue, clock_timestamp(), NEW.weight - CASE WHEN TG_OP = 'UPDATE' THEN OLD.weight ELSE 0 END;
      RETURN NULL;
    END $$`.execute(database.db);
  await sql`CREATE TRIGGER note_passed AFTER INSERT OR UPDATE ON venue.spend
    FOR EACH ROW EXECUTE FUNCTION proof.note_passed()`.execute(database.db);
});
after(() => database.drop());

function startTaker(
  venue: string,
  budget: Budget,
  [priority, requests, weightMax]: [string, number, number],
) {
  const file = join(import.meta.dirname, 'taker.ts');
  const url = database.url('data_ingester');
  const args = [file, url, venue, JSON.stringify(budget), priority, String(requests), String(weightMax)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function passedOf(venue: string): Promise<{ atMs: number; weight: number }[]> {
  const { rows } = await sql<{ at_ms: number; weight: number }>`
    SELECT extract(epoch FROM at)::float8 * 1000 AS at_ms, weight FROM proof.passed WHERE venue = ${venue} ORDER BY at`.execute(
    database.db,
  );
  return rows.map((row) => ({ atMs: row.at_ms, weight: row.weight }));
}

test('50 takers in four processes never go beyond any window', async () => {
  const budget: Budget = {
    windows: [
      { windowMs: 400, weightMax: 12 },
      { windowMs: 2_000, weightMax: 40 },
    ],
    shares: DATA_SHARES,
  };
  const exits = await Promise.all(
    [20, 15, 10, 5].map((requests) => once(startTaker('everybody', budget, ['data', requests, 4]), 'exit')),
  );
  assert.deepEqual(
    exits.map(([code]) => code),
    [0, 0, 0, 0],
  );
  const passed = await passedOf('everybody');
  assert.ok(passed.reduce((sum, { weight }) => sum + weight, 0) >= 50);
  for (const { windowMs, weightMax } of budget.windows) {
    for (const first of passed) {
      const inside = passed.filter(
        ({ atMs }) => atMs >= first.atMs && atMs <= first.atMs + windowMs - CLOCK_TOLERANCE_MS,
      );
      const weight = inside.reduce((sum, each) => sum + each.weight, 0);
      assert.ok(weight <= weightMax, `${weight} within ${windowMs} ms from ${first.atMs}`);
    }
  }
  // And not by standing still: the longer window is filled again and again.
  const [begin, end] = [passed[0]!.atMs, passed.at(-1)!.atMs];
  const total = passed.reduce((sum, { weight }) => sum + weight, 0);
  assert.ok(end - begin < (Math.ceil(total / 40) + 1) * 2_600, `${total} took ${end - begin} ms`);
});

test('a process that is killed while it waits holds nobody up beyond its turn and the grace', async () => {
  const budget: Budget = { windows: [{ windowMs: 1_500, weightMax: 1 }], shares: DATA_SHARES };
  const victim = startTaker('deserted', budget, ['data', 2, 1]);
  // One of its two requests went; the other one is in the line now, or will be at once.
  await once(victim.stdout, 'data');
  for (;;) {
    const { rows } = await sql`SELECT FROM venue.waiter WHERE venue = 'deserted'`.execute(database.db);
    if (rows.length === 1) break;
  }
  victim.kill('SIGKILL');
  await once(victim, 'exit');

  const db = openDatabase({ url: database.url('executor'), applicationName: 'test' });
  const pacer = postgresPacer(db, { budgets: { deserted: budget } });
  await pacer.take({ venue: 'deserted', weight: 1, priority: 'data' });
  const { rows } = await sql`SELECT FROM venue.waiter WHERE venue = 'deserted'`.execute(database.db);
  assert.deepEqual(rows, []);
  await db.destroy();
});
