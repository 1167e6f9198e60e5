import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCounts, NO_TESTS, readTap } from './tap.ts';

const REPORT = `TAP version 13
# Subtest: adds
ok 1 - adds
    # Subtest: inner
    ok 1 - real bars of BTC/USDT # SKIP MARKET_DATA_DIR is not set
not ok 2 - subtracts
1..2
# tests 4
# suites 1
# pass 2
# fail 1
# cancelled 1
# skipped 1
# todo 0
`;

test('counts and skipped tests are read from the report; a cancelled test has failed', () => {
  assert.deepEqual(readTap(REPORT), {
    passed: 2,
    failed: 2,
    skipped: 1,
    skips: ['real bars of BTC/USDT (MARKET_DATA_DIR is not set)'],
  });
});

test('a report that was never written counts nothing', () => {
  assert.deepEqual(readTap(''), NO_TESTS);
});

test('counts add up', () => {
  const counts = readTap(REPORT);
  assert.equal(addCounts(counts, counts).passed, 4);
  assert.equal(addCounts(counts, counts).skips.length, 2);
});
