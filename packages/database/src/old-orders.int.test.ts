import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Client } from 'pg';
import { oldDatabase } from './old-database.fixture.ts';

/** Orders, fills and permits that were there before order types came (0021) are what they were, under the new rules. */

/** Status in our books, status at the venue, and how much of 10 has filled. */
const OLD_ORDERS = [
  ['FILLED', 'filled', '10'],
  ['WORKING', 'working', '0'],
  ['CANCELLED', 'cancelled', '0'],
  ['EXPIRED', 'expired', '0'],
  ['UNKNOWN', 'working', '0'],
  ['PENDING', null, '0'],
  ['DENIED', null, '0'],
] as const;

async function insertOldRows(client: Client): Promise<void> {
  await client.query(`
    INSERT INTO trading.paper_account VALUES ('old', 'USDT', 10000, 9000, 7.5, 2);
    INSERT INTO trading.account (account, venue, currency, start_cash, cash) VALUES ('old', 'paper', 'USDT', 10000, 9000);
    INSERT INTO risk.limits VALUES ('old', 1, '{}', 'ann', 'test');
    INSERT INTO risk.permit_key (key_id, public_key) VALUES (gen_random_uuid(), 'key');
    INSERT INTO risk.permit
      SELECT gen_random_uuid(), key_id, 'old', 'trend', 'BTC/USDT', 'buy', 10, NULL, 100, 'as0123456789abcdef',
             repeat('a', 64), repeat('b', 64), 1, 0, now(), now(), now() + interval '1 second', 'signature'
      FROM risk.permit_key`);
  for (const [index, [status, atVenue, filled]] of OLD_ORDERS.entries()) {
    const decision = `${index}`.repeat(64);
    const id = `as${decision.slice(0, 30)}`;
    const orderId = randomUUID();
    const permit = status === 'PENDING' || status === 'DENIED' ? null : randomUUID();
    const limit = index % 2 === 0 ? null : '101.5';
    await client.query(
      `INSERT INTO trading.orders (order_id, account, decision_id, client_order_id, intent_sha256, strategy, instrument,
         stream, leg, config_id, side, order_type, quantity, limit_price, time_in_force, reduce_only, as_of, status,
         filled_quantity, average_price, permit_id, send_started_at)
       VALUES ($1, 'old', $2, $3, $2, 'trend', 'BTC/USDT', 'csv:BTC/USDT:1d', 'entry', gen_random_uuid(), 'buy', $4, 10,
         $5, 'day', false, now(), $6, $7, $8, $9, CASE WHEN $9::uuid IS NULL THEN NULL ELSE now() END)`,
      [
        orderId,
        decision,
        id,
        limit === null ? 'market' : 'limit',
        limit,
        status,
        filled,
        filled === '0' ? null : '100',
        permit,
      ],
    );
    if (atVenue === null) continue;
    await client.query(
      `INSERT INTO trading.paper_order VALUES ($1, 'old', $2, 'BTC/USDT', 'csv:BTC/USDT:1d', 'buy', $3, 10, $4, 'day',
         now(), $5, NULL)`,
      [`paper-${index}`, id, limit === null ? 'market' : 'limit', limit, atVenue],
    );
    if (filled === '0') continue;
    await client.query(
      `INSERT INTO trading.paper_fill (account, broker_order_id, quantity, price, fee, filled_at)
       VALUES ('old', $1, $2, 100, 0.75, now())`,
      [`paper-${index}`, filled],
    );
    await client.query(
      `INSERT INTO trading.fill (venue, fill_id, order_id, quantity, price, fee, filled_at)
       VALUES ('paper', '1', $1, $2, 100, 0.75, now())`,
      [orderId, filled],
    );
  }
}

test('old orders, fills, permits and paper accounts come over as they were', async () => {
  await using old = await oldDatabase('0020');
  const { client } = old;
  await insertOldRows(client);
  const applied = await old.migrate();
  assert.ok(applied.includes('0021_order_types.sql'));
  const orders = await client.query(
    'SELECT status, slot, protection, extended_hours, part FROM trading.orders ORDER BY decision_id',
  );
  assert.deepEqual(
    orders.rows,
    OLD_ORDERS.map(([status]) => ({
      status,
      slot: 'trend',
      protection: null,
      extended_hours: false,
      part: null,
    })),
  );
  const venue = await client.query(
    'SELECT status, filled::text, triggered, resting FROM trading.paper_order ORDER BY broker_order_id',
  );
  assert.deepEqual(
    venue.rows,
    OLD_ORDERS.flatMap(([, status, filled]) =>
      status === null ? [] : [{ status, filled, triggered: false, resting: false }],
    ),
  );
  const { rows: fees } = await client.query(
    'SELECT fee_currency FROM trading.fill UNION ALL SELECT fee_currency FROM trading.paper_fill',
  );
  assert.deepEqual(fees, [{ fee_currency: 'USDT' }, { fee_currency: 'USDT' }]);
  const { rows: accounts } = await client.query('SELECT costs FROM trading.paper_account');
  assert.deepEqual(accounts, [
    {
      costs: {
        fees: { maker_bps: 7.5, taker_bps: 7.5, taken_in: 'quote' },
        spread: { type: 'bps', bps: 0 },
        slippage: { type: 'fixed', bps: 2 },
        latency_ms: 0,
        participation_max: null,
      },
    },
  ]);
  const { rows: exposure } = await client.query(
    'SELECT quantity::text, stop_price, bracket FROM trading.order_exposure',
  );
  assert.deepEqual(exposure, [
    { quantity: '10', stop_price: null, bracket: null },
    { quantity: '10', stop_price: null, bracket: null },
  ]);
});
