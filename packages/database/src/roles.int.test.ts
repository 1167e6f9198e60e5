import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SERVICE_NAMES, type ServiceName } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { openDatabase } from './open-database.ts';

/** The schemas that a service owns or works on. */
const SCHEMAS: Readonly<Record<ServiceName, readonly string[]>> = {
  data_ingester: ['ledger', 'market', 'venue'],
  param_controller: ['params'],
  ml_service: ['ledger', 'ml'],
  risk_gate: ['risk'],
  executor: ['trading', 'venue'],
  auditor: ['audit'],
  engine: ['engine'],
};

/** Everything else that a service may use: what another one grants it by name. */
const GRANTED: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  param_controller: ['ml.alias_in_force'],
  risk_gate: [
    'trading.account_state',
    'trading.client_order',
    'trading.lock_account',
    'trading.order_exposure',
    'trading.position_exposure',
  ],
  executor: ['risk.current_kill_epoch_for_share', 'risk.kills_in_force', 'risk.permit_public_key'],
};

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.drop());

/** The tables, views and functions outside its own schemas that a role has any right on, and can reach. */
async function usable(service: ServiceName): Promise<string[]> {
  const role = `aistock_${service}`;
  const { rows } = await sql<{ name: string }>`
    WITH object AS (
      SELECT relnamespace AS schema, relname AS name,
        has_table_privilege(${role}, oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
          OR has_any_column_privilege(${role}, oid, 'SELECT, INSERT, UPDATE, REFERENCES') AS usable
      FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f')
      UNION ALL
      SELECT pronamespace, proname, has_function_privilege(${role}, oid, 'EXECUTE') AND prorettype <> 'trigger'::regtype
      FROM pg_proc
    )
    SELECT n.nspname || '.' || object.name AS name FROM object JOIN pg_namespace n ON n.oid = object.schema
    WHERE usable AND has_schema_privilege(${role}, n.oid, 'USAGE')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname <> ALL (${[...SCHEMAS[service]]}::text[])
    ORDER BY name`.execute(database.db);
  return rows.map((row) => row.name);
}

for (const service of SERVICE_NAMES) {
  test(`${service} can use its own schemas and what it was granted by name`, async () => {
    const emit = service === 'auditor' ? [] : ['audit.emit'];
    assert.deepEqual(await usable(service), [...emit, ...(GRANTED[service] ?? [])].toSorted());
  });

  test(`${service} cannot make anything, nor become another`, async () => {
    const db = openDatabase({ url: database.url(service), applicationName: 'test' });
    const { rows } = await sql<{ name: string }>`SELECT nspname AS name FROM pg_catalog.pg_namespace
      WHERE has_schema_privilege(nspname, 'CREATE')`.execute(db);
    assert.deepEqual(rows, []);
    await assert.rejects(sql`SET ROLE postgres`.execute(db), { code: '42501' });
    await assert.rejects(sql`SELECT * FROM public.migration`.execute(db), { code: '42501' });
    await db.destroy();
  });
}

test('every role of a service is tried', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT rolname AS name FROM pg_roles WHERE rolname ~ '^aistock_' ORDER BY rolname`.execute(database.db);
  assert.deepEqual(
    rows.map((row) => row.name),
    SERVICE_NAMES.map((name) => `aistock_${name}`).toSorted(),
  );
});
