import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceError, type BarSource, type FetchedBars, type SourceErrorCode } from '../bar-source.ts';
import { circuit } from '../resilience/circuit.ts';
import { failoverSource } from './failover-source.ts';
import { guardedSource, type GuardedSource } from './guarded-source.ts';

const REQUEST = { instrument: 'AAPL', timeframe: '1d', sinceMs: 0, limit: 10 } as const;
const BAR = { openMs: 0, open: '1', high: '1', low: '1', close: '1', volume: '1' };

interface Rig {
  readonly chain: BarSource;
  readonly sources: Record<'alpaca' | 'yahoo', GuardedSource>;
  /** What each source does next and until told otherwise. */
  readonly does: Record<'alpaca' | 'yahoo', SourceError | 'well'>;
  readonly passMs: (ms: number) => void;
}

function rig(facts: Partial<Record<'alpaca' | 'yahoo', Partial<BarSource>>> = {}): Rig {
  let nowMs = 0;
  const does: Rig['does'] = { alpaca: 'well', yahoo: 'well' };
  const source = (name: 'alpaca' | 'yahoo', clockMs: number): GuardedSource =>
    guardedSource(
      {
        name,
        tradesOnly: false,
        clockMs: () => Promise.resolve(clockMs),
        fetchBars: (): Promise<FetchedBars> => {
          const next = does[name];
          if (next !== 'well') return Promise.reject(next);
          return Promise.resolve({ source: name, bars: [BAR], more: true, provenance: [] });
        },
        ...facts[name],
      },
      circuit(name, () => nowMs),
    );
  const sources = { alpaca: source('alpaca', 1_000), yahoo: source('yahoo', 2_000) };
  return {
    chain: failoverSource('stocks', [sources.alpaca, sources.yahoo]),
    sources,
    does,
    passMs: (ms) => (nowMs += ms),
  };
}

const failure = (code: SourceErrorCode, retryAfterMs?: number) =>
  new SourceError(code, `it is ${code}`, { retryAfterMs });

test('the first source gives the bars while it is well, by its own clock', async () => {
  const { chain } = rig();
  assert.deepEqual([chain.name, await chain.clockMs()], ['stocks', 1_000]);
  const { source, clockMs, bars, more, passedOver } = await chain.fetchBars(REQUEST);
  assert.deepEqual([source, clockMs, bars, more, passedOver], ['alpaca', 1_000, [BAR], true, []]);
});

test('the next one takes over when the breaker opens, not before, and the first comes back when it is well', async () => {
  const { chain, does, passMs } = rig();
  does.alpaca = failure('source_unreachable');
  for (let i = 0; i < 4; i++) await assert.rejects(chain.fetchBars(REQUEST), { code: 'source_unreachable' });
  const taken = await chain.fetchBars(REQUEST);
  assert.deepEqual([taken.source, taken.clockMs], ['yahoo', 2_000]);
  assert.deepEqual(taken.passedOver, [
    { source: 'alpaca', code: 'source_unreachable', detail: 'it is source_unreachable' },
  ]);
  assert.equal(await chain.clockMs(), 2_000);
  assert.equal((await chain.fetchBars(REQUEST)).passedOver?.[0]?.code, 'breaker_open');

  passMs(60_000);
  assert.equal((await chain.fetchBars(REQUEST)).source, 'yahoo');
  does.alpaca = 'well';
  assert.equal((await chain.fetchBars(REQUEST)).source, 'yahoo');
  passMs(60_000);
  assert.equal((await chain.fetchBars(REQUEST)).source, 'alpaca');
  assert.equal(await chain.clockMs(), 1_000);
});

test('a clock that answers does not hide that the bars fail; one that fails opens the breaker', async () => {
  const { chain, does, sources } = rig();
  does.alpaca = failure('malformed_data');
  for (let i = 0; i < 4; i++) {
    await chain.clockMs();
    await assert.rejects(chain.fetchBars(REQUEST), { code: 'malformed_data' });
  }
  assert.equal((await chain.fetchBars(REQUEST)).source, 'yahoo');

  const clockless = rig({ alpaca: { clockMs: () => Promise.reject(failure('source_unreachable')) } });
  for (let i = 0; i < 4; i++) await assert.rejects(clockless.chain.clockMs(), { code: 'source_unreachable' });
  assert.equal(await clockless.chain.clockMs(), 2_000);
  assert.equal(clockless.sources.alpaca.circuit.state().kind, 'open');
  assert.equal(sources.yahoo.circuit.state().kind, 'closed');
});

for (const error of [
  failure('unknown_instrument'),
  failure('unknown_timeframe'),
  failure('source_refused'),
  failure('rate_limited', 60_000),
]) {
  test(`a source that says ${error.code} for good is passed over at once`, async () => {
    const { chain, does } = rig();
    does.alpaca = error;
    const { source, passedOver } = await chain.fetchBars(REQUEST);
    assert.deepEqual([source, passedOver?.[0]?.code], ['yahoo', error.code]);
  });
}

for (const error of [
  failure('rate_limited', 59_999),
  failure('rate_limited'),
  failure('budget_unavailable'),
  new TypeError('a mistake of ours'),
]) {
  test(`nobody takes over for ${error.message}`, async () => {
    const { chain, does } = rig();
    does.alpaca = error as SourceError;
    for (let i = 0; i < 7; i++) await assert.rejects(chain.fetchBars(REQUEST), (e) => e === error);
  });
}

test('where nobody is left the error names each source, and says when to come back', async () => {
  const { chain, does } = rig();
  does.alpaca = failure('unknown_instrument');
  does.yahoo = failure('rate_limited', 90_000);
  await assert.rejects(chain.fetchBars(REQUEST), (error) => {
    assert.ok(error instanceof SourceError);
    assert.deepEqual([error.code, error.retryAfterMs], ['rate_limited', 90_000]);
    assert.match(error.message, /alpaca: unknown_instrument .*; yahoo: rate_limited /);
    return true;
  });
  does.yahoo = failure('unknown_instrument');
  await assert.rejects(chain.fetchBars(REQUEST), { code: 'unknown_instrument' });
});

test('a missing bar is a fault where one source could have told', () => {
  assert.equal(rig({ alpaca: { tradesOnly: true } }).chain.tradesOnly, false);
  assert.equal(rig({ alpaca: { tradesOnly: true }, yahoo: { tradesOnly: true } }).chain.tradesOnly, true);
  const daily = { alpaca: { tradesOnly: 'intraday' }, yahoo: { tradesOnly: true } } as const;
  assert.equal(rig(daily).chain.tradesOnly, 'intraday');
});

test('a chain is as late as its first source', () => {
  assert.equal(rig({ alpaca: { delayMs: 960_000 } }).chain.delayMs, 960_000);
  assert.equal(rig({ yahoo: { delayMs: 960_000 } }).chain.delayMs, undefined);
});

test('sources that adjust prices differently make no chain', () => {
  const raw = { facts: { adjustment: 'raw', feed: 'iex' } } as const;
  assert.throws(() => rig({ alpaca: raw, yahoo: { facts: { adjustment: 'split' } } }), RangeError);
  assert.throws(() => rig({ alpaca: raw }), RangeError);
  assert.throws(() => failoverSource('none', []), RangeError);
  assert.deepEqual(rig({ alpaca: raw, yahoo: { facts: { adjustment: 'raw' } } }).chain.facts, {
    adjustment: 'raw',
  });
  assert.deepEqual(rig({ alpaca: raw, yahoo: raw }).chain.facts, raw.facts);
});
