import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backfill } from '@aistock/shared';
import { fetchHistory } from './fetch-history.ts';
import type { BackfillClient } from './follow.ts';

const OPTIONS = { sinceMs: 1_000, untilMs: undefined, streams: [] };
const MINE = 'sim:ETH/USDT:1m';
const OTHERS = 'sim:BTC/USDT:1m';

function backfill(id: string, streams: Record<string, Backfill['status'] | 'waiting'>): Backfill {
  const states = Object.entries(streams).map(([stream, status]) => ({
    stream,
    status,
    bars_done: 0,
    bars_total: 10,
    from_ms: null,
    problem: null,
  }));
  const range = { since_ms: 1_000, until_ms: 2_000, created_ms: 0 };
  const counts = { bars_done: 0, bars_total: 10, bars_per_s: 0, seconds_left: null };
  return { backfill_id: id, status: 'running', ...range, ...counts, streams: states };
}

/** A data_ingester with one configured stream; what was open before is over when it is looked at again. */
function ingester(before: Backfill[]) {
  const calls: string[] = [];
  const client: BackfillClient = {
    startBackfill: async ({ body }) => {
      calls.push(body.dry_run ? 'plan' : 'start');
      const plan = [{ stream: MINE, bars: 10, requests: 1, seconds: null }];
      return { backfill_id: body.dry_run ? null : 'new', since_ms: 1_000, until_ms: 3_000, plan };
    },
    backfills: async () => ({ backfills: before }),
    backfill: async ({ params: { backfill_id: id } }) => {
      calls.push(`look ${id}`);
      return backfill(id, { [OTHERS]: 'waiting', [MINE]: 'done' });
    },
  };
  return { client, calls };
}

const watching = () => ({
  out: { isTTY: false, write: () => true },
  signal: AbortSignal.timeout(2_000),
});

test('a backfill of other streams is not waited for: its source may be gone', async () => {
  const { client, calls } = ingester([backfill('gone', { [OTHERS]: 'waiting' })]);
  const { backfill_id: id } = await fetchHistory(client, OPTIONS, watching());
  assert.deepEqual([id, calls], ['new', ['plan', 'start', 'look new']]);
});

test('what an earlier command left comes first, and what this one wants follows', async () => {
  const { client, calls } = ingester([backfill('left', { [OTHERS]: 'waiting', [MINE]: 'waiting' })]);
  const { backfill_id: id } = await fetchHistory(client, OPTIONS, watching());
  assert.deepEqual([id, calls], ['new', ['plan', 'look left', 'start', 'look new']]);
});

test('a signal ends it with what is open', async () => {
  const open = backfill('left', { [MINE]: 'running' });
  const { client } = ingester([open]);
  const stuck = { ...client, backfill: () => Promise.resolve(open) };
  const stopped = { out: { isTTY: false, write: () => true }, signal: AbortSignal.abort() };
  assert.equal(await fetchHistory(stuck, OPTIONS, stopped), open);
});
