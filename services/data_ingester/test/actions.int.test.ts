// Prices stay as they were traded; splits and dividends make views of them, as of the time that is asked for.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { createRig, ingestAll, type IngesterClient, type Rig } from './rig.ts';

const STREAM = 'csv:TEST:1d';
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1);
const day = (number: number): number => START_MS + number * DAY_MS;
const CLOSES = ['396', '400', '100', '95', '96'];
const BY = { by: 'someone', reason: 'from the exchange' };

let rig: Rig;
let client: IngesterClient;
before(async () => {
  rig = await createRig();
  const file = join(rig.folder, 'TEST.csv');
  const rows = CLOSES.map((close, index) => `${day(index)},${close},${close},${close},${close},1000`);
  await writeFile(file, ['timestamp,open,high,low,close,volume', ...rows, ''].join('\n'));
  ({ client } = await rig.start({ CSV_FILE: file, SYMBOLS: 'TEST', TIMEFRAME: '1d', CALENDAR: 'always' }));
  await ingestAll(client, STREAM);
});
after(() => rig.close());

type Asked = Omit<Parameters<IngesterClient['bars']>[0]['query'], 'stream'>;
async function closes(asked: Asked): Promise<string[]> {
  return (await client.bars({ query: { stream: STREAM, ...asked } })).bars.map(({ close }) => close);
}

test('without a word of splits all views are as traded', async () => {
  for (const adjust of ['raw', 'split', 'total'] as const) assert.deepEqual(await closes({ adjust }), CLOSES);
});

test('a split and a dividend make views, as of each day, and the bars stay', async () => {
  const noted = await client.noteCorporateActions({
    params: { id: STREAM },
    body: {
      ...BY,
      actions: [
        { kind: 'split', ex_ms: day(2), new_shares: '4.0', old_shares: '1' },
        { kind: 'dividend', ex_ms: day(3), amount: '5' },
      ],
    },
  });
  assert.deepEqual(
    noted.actions.map(({ kind, ex_ms: exMs, known_ms: knownMs, new_shares: shares, amount }) => [
      kind,
      exMs,
      knownMs,
      shares,
      amount,
    ]),
    [
      ['split', day(2), day(2), '4', null],
      ['dividend', day(3), day(3), null, '5'],
    ],
  );
  assert.deepEqual(await closes({}), CLOSES);
  assert.deepEqual(await closes({ adjust: 'split' }), ['99', '100', '100', '95', '96']);
  assert.deepEqual(await closes({ adjust: 'total' }), ['94.05', '95', '95', '95', '96']);
  assert.deepEqual(await closes({ adjust: 'total', as_of_ms: String(day(3)) }), ['94.05', '95', '95']);
  assert.deepEqual(await closes({ adjust: 'total', as_of_ms: String(day(3) - 1) }), ['99', '100']);
  assert.deepEqual(await closes({ adjust: 'total', newest: 'true', limit: '4' }), ['95', '95', '95', '96']);
  const { bars } = await client.bars({
    query: { stream: STREAM, adjust: 'split', detail: 'true', limit: '1' },
  });
  assert.deepEqual([bars[0]!.volume, bars[0]!.source, bars[0]!.revision], ['4000', 'csv', 0]);
});

async function countNoted(): Promise<number> {
  const events = rig.database.db.selectFrom('audit.outbox').selectAll().where('kind', '=', 'action.noted');
  return (await events.execute()).length;
}

const noteDividend = (amount: string) =>
  client.noteCorporateActions({
    params: { id: STREAM },
    body: { ...BY, actions: [{ kind: 'dividend', ex_ms: day(3), amount }] },
  });

test('what is known otherwise later does not change what was known before', async () => {
  assert.equal(await countNoted(), 1);
  await noteDividend('5.00');
  assert.equal(await countNoted(), 1, 'the same again is nothing new');
  const beforeMs = String(Date.now() - 1);
  await noteDividend('0');
  assert.equal(await countNoted(), 2);
  assert.deepEqual(await closes({ adjust: 'total' }), ['99', '100', '100', '95', '96']);
  assert.deepEqual(await closes({ adjust: 'total', as_of_ms: beforeMs }), ['94.05', '95', '95', '95', '96']);
  assert.deepEqual(await closes({ adjust: 'total', known_ms: beforeMs }).catch((error: unknown) => error), [
    '94.05',
    '95',
    '95',
    '95',
    '96',
  ]);
});

test('a factor file of LEAN is read', async () => {
  const { actions } = await client.noteCorporateActions({
    params: { id: STREAM },
    body: { ...BY, factor_file: '20240104,0.5,0.5,95\n20501231,0.5,1,0\n' },
  });
  assert.deepEqual(actions.at(-1)!.ex_ms, day(4));
  assert.deepEqual(await closes({ adjust: 'split' }), ['49.5', '50', '50', '47.5', '96']);
});

const note = (body: object) =>
  client.noteCorporateActions({ params: { id: STREAM }, body: { ...BY, ...body } });

test('an action that cannot be is refused', async () => {
  const split = { kind: 'split', ex_ms: day(4), new_shares: '2', old_shares: '1' };
  await assert.rejects(note({ actions: [split], known_ms: Date.now() + DAY_MS }), { status: 400 });
  for (const wrong of [
    { new_shares: '0' },
    { old_shares: '-1' },
    { ex_ms: -1 },
    { kind: 'merger' },
    { amount: '1' },
  ])
    await assert.rejects(note({ actions: [{ ...split, ...wrong }] }), { status: 400 });
  await assert.rejects(note({ actions: [] }), { status: 400 });
  await assert.rejects(note({ factor_file: 'not,a,factor,file' }), { status: 400 });
  await assert.rejects(note({}), { status: 400 });
  await note({ actions: [{ kind: 'dividend', ex_ms: day(1), amount: '396' }] });
  await assert.rejects(closes({ adjust: 'total' }), { status: 409 });
  assert.equal((await closes({ adjust: 'split' })).length, 5);
});

test('what was noted stays: the database refuses changes and removals, to its owner too', async () => {
  for (const statement of [
    'UPDATE market.corporate_action SET amount = amount',
    'DELETE FROM market.corporate_action',
    'TRUNCATE market.corporate_action',
  ])
    await assert.rejects(
      sql.raw(statement).execute(rig.database.db),
      /market.corporate_action is not allowed/,
    );
});
