import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import fc from 'fast-check';
import { sql } from 'kysely';

const MOMENT_MS = 1_800_000_000_000;
const RUNS = 60;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

const spending = fc.uniqueArray(
  fc.record({ agoMs: fc.integer({ min: -2, max: 120 }), weight: fc.integer({ min: 1, max: 6 }) }),
  { maxLength: 12, selector: ({ agoMs }) => agoMs },
);

test('the wait is the first moment at which the weight fits', async () => {
  const property = fc.asyncProperty(
    spending,
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 60 }),
    async (spent, windowMs, weightMax, wanted) => {
      const waitMs = await askDatabase(spent, { windowMs, weightMax, wanted });
      const rest = ((wanted - 1) % weightMax) + 1;
      const rounds = (wanted - rest) / weightMax;
      const fits = (inMs: number) =>
        rest +
          spent.filter(({ agoMs }) => agoMs + inMs < windowMs).reduce((sum, { weight }) => sum + weight, 0) <=
        weightMax;
      let first = 0;
      while (!fits(first)) first++;
      assert.equal(waitMs, first + rounds * windowMs);
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});

async function askDatabase(
  spent: readonly { agoMs: number; weight: number }[],
  { windowMs, weightMax, wanted }: { windowMs: number; weightMax: number; wanted: number },
): Promise<number> {
  return database.db.transaction().execute(async (trx) => {
    await sql`DELETE FROM venue.spend`.execute(trx);
    await sql`INSERT INTO venue.budget VALUES ('any', NULL, NULL, 1000) ON CONFLICT DO NOTHING`.execute(trx);
    await sql`INSERT INTO venue.spend SELECT 'any', to_timestamp((${MOMENT_MS}::bigint - ago) / 1000.0), weight
      FROM unnest(${spent.map(({ agoMs }) => agoMs)}::integer[], ${spent.map(({ weight }) => weight)}::integer[]) AS s (ago, weight)`.execute(
      trx,
    );
    const { rows } = await sql<{ wait_ms: number }>`
      SELECT venue.wait_ms('any', ${wanted}::bigint, ${windowMs}::bigint, ${weightMax}::integer,
        to_timestamp(${MOMENT_MS}::bigint / 1000.0)) AS wait_ms`.execute(trx);
    return rows[0]!.wait_ms;
  });
}
