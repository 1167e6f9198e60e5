// A day that closes early: everything is left in time, and the log is that of the core.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT } from './fake-executor.ts';
import { sessionSeries } from './fake-series.ts';
import { startFakeStack } from './fake-stack.ts';
import { PARAMS } from './replay-rig.ts';

/** The day after Thanksgiving closes at 13:00 in New York. */
const EARLY_CLOSE_MS = Date.UTC(2020, 10, 27, 18);
const SERIES = sessionSeries('5m', Date.UTC(2020, 10, 23), Date.UTC(2020, 11, 1));
const FLATTEN_MS = 30 * 60_000;

test('on a day that closes early nothing is held after the close, and nothing entered shortly before', async () => {
  await using stack = await startFakeStack(SERIES.bars, PARAMS, { hasModel: false, series: SERIES });
  const answer = await stack.engine.session({
    body: {
      strategy: 'trend_following',
      stream: SERIES.stream,
      account: ACCOUNT,
      orders: { flatten_before_close_ms: FLATTEN_MS, marketable_offset_bps: null },
      from_ms: Date.UTC(2020, 10, 25),
      to_ms: EARLY_CLOSE_MS,
    },
  });
  assert.equal(answer.mode, 'replay');
  assert.equal(stack.executor.position.quantity, '0');
  const today = stack.executor.orders.filter(({ as_of_ms: atMs }) => atMs > EARLY_CLOSE_MS - 4 * 3_600_000);
  const entries = today.filter(({ reduce_only: reduces }) => !reduces);
  assert.ok(entries.length > 0, 'something was entered that day');
  assert.ok(entries.every(({ as_of_ms: atMs }) => atMs < EARLY_CLOSE_MS - FLATTEN_MS));
  const { signals } = await stack.engine.signals({ query: { from_ms: String(EARLY_CLOSE_MS - FLATTEN_MS) } });
  assert.ok(signals.some(({ reasons }) => reasons.includes('flatten_before_close')));
});
