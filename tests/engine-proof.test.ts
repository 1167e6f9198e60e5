import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parseCloseTimes, quantileMs, timesSince } from './engine-proof/close-times.ts';
import { firstDifference } from './engine-proof/decision-logs.ts';
import { faultsOf } from './engine-proof/faults-of.ts';
import type { CaseReport, ProofReport } from './engine-proof/proof-report.ts';
import { runEngineProof } from './engine-proof/run-proof.ts';

/** `./scripts/prove-engine` does the same with thirty days and twenty kills. */
const TERMS = { days: 0.4, kills: 3, seed: 4, leaseS: 2, portBase: 27_000 };
const DATA_DIR = process.env['MARKET_DATA_DIR'];

let report: ProofReport;
before(async () => {
  report = await runEngineProof(TERMS, DATA_DIR, {
    say: () => undefined,
    signal: AbortSignal.timeout(300_000),
  });
});

const whichBars = DATA_DIR === undefined ? 'generated' : 'recorded';
test(`a backtest, paper through all services and paper with an engine that is killed decide alike on ${whichBars} bars`, (context) => {
  context.diagnostic(JSON.stringify(report));
  assert.deepEqual(faultsOf(report), []);
});

test('what is not proved is told', () => {
  const changed = (change: Partial<CaseReport>): string[] =>
    faultsOf({ ...report, cases: [{ ...report.cases[0]!, ...change }] });
  const [first] = report.cases;
  assert.ok(first);
  const other = { ...first.whole, sha256: 'another' };
  assert.equal(changed({ whole: other }).length, 2, 'another hash, and not that of its lines');
  assert.equal(changed({ killed: { ...first.killed, kills: 1 } }).length, 1);
  assert.equal(changed({ orders: { ...first.orders, filled: 0 } }).length, 1);
  assert.equal(changed({ paperOrders: { ...first.paperOrders, killed: { FILLED: 1 } } }).length, 1);
  assert.equal(
    changed({ backtest: { ...first.backtest, counts: { ...first.backtest.counts, limits: 0 } } }).length,
    1,
  );
});

test('the first line that differs is named', async () => {
  assert.equal(await firstDifference(lines('a', 'b'), lines('a', 'b')), undefined);
  assert.deepEqual(await firstDifference(lines('a', 'b'), lines('a', 'c')), {
    line: 1,
    expected: 'b',
    actual: 'c',
  });
  assert.deepEqual(await firstDifference(lines('a', 'b'), lines('a')), {
    line: 1,
    expected: 'b',
    actual: null,
  });
});

test('times of closes are read from a histogram, straight inside of its buckets', () => {
  const times = timesSince(parseCloseTimes(page([5, 5, 5])), parseCloseTimes(page([5, 105, 105])));
  assert.equal(quantileMs(times, 0.5), 15);
  assert.equal(quantileMs(times, 1), 20);
  assert.equal(
    quantileMs(timesSince([], parseCloseTimes(page([0, 0, 3]))), 0.5),
    20,
    'no more is known of it',
  );
  assert.equal(quantileMs(parseCloseTimes(page([0, 0, 0])), 0.5), null);
});

async function* lines(...texts: string[]) {
  yield* texts;
}

function page(counts: readonly number[]): string {
  return ['0.01', '0.02', '+Inf']
    .map((le, index) => `engine_close_seconds_bucket{le="${le}",service="engine"} ${counts[index]}`)
    .join('\n');
}
