import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase, type Db } from '@aistock/database';
import { createTestDatabase, freePort, type TestDatabase } from '@aistock/testkit';
import { PRIORITIES, SourceError, type Priority, type SourceErrorCode } from '@aistock/venues';
import { sql } from 'kysely';
import { DATA_SHARES, type Budget } from './budget.ts';
import { postgresPacer } from './postgres-pacer.ts';
import { readBudgets } from './read-budgets.ts';

let database: TestDatabase;
/** Two services, each with a pool of its own. */
let ours: Db;
let theirs: Db;
before(async () => {
  database = await createTestDatabase();
  ours = openDatabase({ url: database.url('data_ingester'), applicationName: 'ours' });
  theirs = openDatabase({ url: database.url('executor'), applicationName: 'theirs' });
});
after(async () => {
  await Promise.all([ours.destroy(), theirs.destroy()]);
  await database.drop();
});

const AN_HOUR: Budget = { windows: [{ windowMs: 3_600_000, weightMax: 10 }] };
const NO_PATIENCE: Record<Priority, number> = { cancel: 0, order: 0, query: 0, data: 0 };

async function fails(promise: Promise<unknown>, code: SourceErrorCode): Promise<SourceError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof SourceError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  throw new assert.AssertionError({ message: `does not fail with ${code}` });
}

async function waiting(venue: string): Promise<number> {
  return (await readBudgets(database.db)).find((each) => each.venue === venue)?.waiting ?? 0;
}

async function untilWaiting(venue: string, count: number): Promise<void> {
  while ((await waiting(venue)) !== count);
}

test('each priority has its share of the window, and the more urgent can always use more', async () => {
  const pacer = postgresPacer(ours, { budgets: { shares: AN_HOUR }, waitMsMax: NO_PATIENCE });
  const passed: Record<string, number> = {};
  for (const priority of PRIORITIES.toReversed()) {
    const request = { venue: 'shares', weight: 1, priority };
    passed[priority] = 0;
    for (;;) {
      try {
        await pacer.take(request);
        passed[priority]++;
      } catch (error) {
        assert.ok(error instanceof SourceError && error.code === 'rate_limited');
        assert.ok(error.retryAfterMs! > 3_590_000 && error.retryAfterMs! <= 3_600_100);
        break;
      }
    }
  }
  assert.deepEqual(passed, { data: 7, query: 1, order: 1, cancel: 1 });
  assert.equal(await waiting('shares'), 0);
});

test('in line the most urgent goes first, and then who came first', async () => {
  const budget: Budget = { windows: [{ windowMs: 300, weightMax: 1 }] };
  const pacers = [ours, theirs].map((db) => postgresPacer(db, { budgets: { line: budget } }));
  const order: string[] = [];
  const take = (name: string, priority: Priority, i: number) =>
    pacers[i % 2]!.take({ venue: 'line', weight: 1, priority }).then(() => order.push(name));
  await take('first', 'data', 0);
  const taken: Promise<unknown>[] = [];
  for (const [i, priority] of (['data', 'data', 'data', 'query', 'cancel'] as const).entries()) {
    taken.push(take(`${priority} ${i}`, priority, i));
    await untilWaiting('line', i + 1);
  }
  await Promise.all(taken);
  assert.deepEqual(order, ['first', 'cancel 4', 'query 3', 'data 0', 'data 1', 'data 2']);
});

const banned = (seconds: number) => ({
  venue: 'banned',
  status: 418,
  headers: new Headers({ 'retry-after': String(seconds) }),
  nowMs: 0,
});

test('a ban is seen by everybody at once, whatever the priority, and ends by itself', async () => {
  const budgets = { banned: { windows: [{ windowMs: 1000, weightMax: 100 }] } };
  const mine = postgresPacer(ours, { budgets });
  const other = postgresPacer(theirs, { budgets });
  await other.take({ venue: 'banned', weight: 1, priority: 'data' });
  await mine.note(banned(2));
  await mine.note(banned(1));
  for (const priority of PRIORITIES) {
    const error = await fails(other.take({ venue: 'banned', weight: 1, priority }), 'rate_limited');
    assert.ok(error.retryAfterMs! > 1_000 && error.retryAfterMs! <= 2_000, String(error.retryAfterMs));
    assert.match(error.message, /status 418/);
  }
  const [state] = (await readBudgets(theirs, budgets)).filter(({ venue }) => venue === 'banned');
  assert.ok(state!.bannedUntilMs !== null);
  await sql`UPDATE venue.budget SET banned_until = clock_timestamp() WHERE venue = 'banned'`.execute(
    database.db,
  );
  await other.take({ venue: 'banned', weight: 1, priority: 'data' });
});

test('a ban reaches who waits already', async () => {
  const budgets = { surprise: { windows: [{ windowMs: 400, weightMax: 1 }] } };
  const mine = postgresPacer(ours, { budgets });
  await mine.take({ venue: 'surprise', weight: 1, priority: 'data' });
  const waits = mine.take({ venue: 'surprise', weight: 1, priority: 'data' });
  await untilWaiting('surprise', 1);
  await postgresPacer(theirs, { budgets }).note({
    venue: 'surprise',
    status: 429,
    headers: new Headers({ 'retry-after': '60' }),
    nowMs: 0,
  });
  await fails(waits, 'rate_limited');
  assert.equal(await waiting('surprise'), 0);
});

test('what the venue says was used counts where it is more, never where it is less', async () => {
  const budgets = { told: { windows: [{ windowMs: 60_000, weightMax: 100 }], shares: DATA_SHARES } };
  const pacer = postgresPacer(ours, { budgets, waitMsMax: NO_PATIENCE });
  const used = async () => (await readBudgets(ours, budgets)).find(({ venue }) => venue === 'told')?.windows;
  const say = (weight: number) =>
    pacer.note({
      venue: 'told',
      status: 200,
      headers: new Headers({ 'x-mbx-used-weight-1m': String(weight) }),
      nowMs: 0,
    });
  await pacer.take({ venue: 'told', weight: 5, priority: 'data' });
  await say(3);
  assert.deepEqual(await used(), [{ windowMs: 60_000, weightMax: 100, used: 5 }]);
  await Promise.all([say(96), say(96), say(90)]);
  assert.deepEqual(await used(), [{ windowMs: 60_000, weightMax: 100, used: 96 }]);
  await pacer.take({ venue: 'told', weight: 4, priority: 'data' });
  await fails(pacer.take({ venue: 'told', weight: 1, priority: 'cancel' }), 'rate_limited');
});

test('an abort ends the waiting with its reason and leaves the line', async () => {
  const budget: Budget = { windows: [{ windowMs: 20_000, weightMax: 1 }] };
  const pacer = postgresPacer(ours, { budgets: { aborted: budget } });
  await pacer.take({ venue: 'aborted', weight: 1, priority: 'data' });
  const abort = new AbortController();
  const waits = pacer.take({ venue: 'aborted', weight: 1, priority: 'data', signal: abort.signal });
  await untilWaiting('aborted', 1);
  const reason = new Error('stopping');
  abort.abort(reason);
  await assert.rejects(waits, (error) => error === reason);
  assert.equal(await waiting('aborted'), 0);
});

test('a weight that never fits is refused for good, and one that is none is a mistake', async () => {
  const pacer = postgresPacer(ours, { budgets: { small: AN_HOUR } });
  await fails(pacer.take({ venue: 'small', weight: 11, priority: 'cancel' }), 'source_refused');
  for (const weight of [0, -1, 1.5, Number.NaN]) {
    await assert.rejects(pacer.take({ venue: 'small', weight, priority: 'data' }), RangeError);
  }
});

test('without the database nothing is let through', async () => {
  const nowhere = openDatabase({
    url: `postgres://nobody@127.0.0.1:${await freePort()}/none`,
    applicationName: 'test',
  });
  const pacer = postgresPacer(nowhere);
  for (const priority of PRIORITIES) {
    await fails(pacer.take({ venue: 'binance', weight: 1, priority }), 'budget_unavailable');
  }
  await nowhere.destroy();
});

const rename = (from: string, to: string) =>
  sql`ALTER FUNCTION ${sql.raw(`venue.${from} RENAME TO ${to}`)}`.execute(database.db);

test('a ban that could not be written down holds here, and is told once it can be', async () => {
  const budgets = { unsaid: AN_HOUR };
  const troubles: unknown[] = [];
  const pacer = postgresPacer(ours, { budgets, onTrouble: (error) => troubles.push(error) });
  await rename('ban', 'ban_away');
  await pacer.note({ venue: 'unsaid', status: 429, headers: new Headers({ 'retry-after': '60' }), nowMs: 0 });
  assert.equal(troubles.length, 1);
  await fails(pacer.take({ venue: 'unsaid', weight: 1, priority: 'data' }), 'budget_unavailable');
  await rename('ban_away', 'ban');
  await fails(pacer.take({ venue: 'unsaid', weight: 1, priority: 'data' }), 'rate_limited');
  await fails(
    postgresPacer(theirs, { budgets }).take({ venue: 'unsaid', weight: 1, priority: 'cancel' }),
    'rate_limited',
  );
});

test('a service can spend and read, and change nothing behind the functions', async () => {
  for (const db of [ours, theirs]) {
    await assert.rejects(sql`DELETE FROM venue.spend`.execute(db), { code: '42501' });
    await assert.rejects(sql`UPDATE venue.budget SET banned_until = NULL`.execute(db), { code: '42501' });
  }
});

test('a budget is not taken inside a transaction', async () => {
  await ours.transaction().execute(async (trx) => {
    assert.throws(() => postgresPacer(trx), TypeError);
  });
});
