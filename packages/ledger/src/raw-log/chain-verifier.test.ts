import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sha256Hex } from '@aistock/shared';
import fc from 'fast-check';
import { ChainVerifier } from './chain-verifier.ts';
import { fromLine, sealEntries, toLine, type RawLogEntry, type SealedRecord } from './raw-record.ts';

const DAY_MS = 86_400_000;
const DAYS = 3;
const PER_DAY = 4;

function answer(n: number): RawLogEntry {
  return {
    kind: 'answer',
    stream: 'kraken:BTC/USD:1m',
    chunk_sha256: sha256Hex(`chunk ${n}`),
    outcome: 'registered',
    source: 'kraken',
    request_id: `request-${n}`,
    url: `https://api.kraken.com/0/public/OHLC?pair=XBTUSD&since=${n}`,
    status: 200,
    sha256: sha256Hex(`answer ${n}`),
    bytes: 1_000 + n,
    source_clock_ms: null,
    received_ms: n,
  };
}

/** Four records on each of three days. */
function log(): string[] {
  let head: SealedRecord | undefined;
  const lines: string[] = [];
  for (let n = 0; n < DAYS * PER_DAY; n++) {
    const at = head && { ...head.record, recordHash: head.recordHash };
    [head] = sealEntries(at, [answer(n)], Math.floor(n / PER_DAY) * DAY_MS + n);
    lines.push(toLine(head!));
  }
  return lines;
}

/** What is wrong, by the index of the line. */
function problemsOf(lines: readonly string[]): Map<number, string> {
  const verifier = new ChainVerifier();
  const problems = new Map<number, string>();
  for (const [index, line] of lines.entries()) {
    const { problem } = verifier.add(line);
    if (problem !== undefined) problems.set(index, problem);
  }
  return problems;
}

describe('a chain of records', () => {
  test('as it was sealed holds, over days', () => {
    const lines = log();
    assert.equal(problemsOf(lines).size, 0);
    const places = lines.map((line) => {
      const sealed = fromLine(line);
      assert.ok(typeof sealed !== 'string');
      return `${sealed.record.day} ${sealed.record.position}`;
    });
    assert.deepEqual(
      [places[0], places[3], places[4], places[11]],
      ['1970-01-01 0', '1970-01-01 3', '1970-01-02 0', '1970-01-03 3'],
    );
  });

  test('a clock that is set back does not put a record on an earlier day', () => {
    const [first] = sealEntries(undefined, [answer(0)], 2 * DAY_MS);
    const [second] = sealEntries({ ...first!.record, recordHash: first!.recordHash }, [answer(1)], 0);
    assert.deepEqual([second!.record.day, second!.record.position], ['1970-01-03', 1]);
    assert.equal(problemsOf([toLine(first!), toLine(second!)]).size, 0);
  });

  test('a byte that is changed anywhere shows where it is', () => {
    const lines = log();
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(),
        fc.constantFrom('0', '1', 'x', ' ', '"'),
        (at, place, put) => {
          const line = lines[at]!;
          const index = place % line.length;
          fc.pre(line[index] !== put);
          const changed = line.slice(0, index) + put + line.slice(index + 1);
          assert.deepEqual([...problemsOf(lines.with(at, changed)).keys()], [at]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('records that are removed show at the one behind them, a whole day too', () => {
    const lines = log();
    fc.assert(
      fc.property(fc.nat(lines.length - 2), fc.integer({ min: 1, max: lines.length }), (from, count) => {
        fc.pre(from + count < lines.length);
        const cut = lines.toSpliced(from, count);
        assert.deepEqual([...problemsOf(cut).keys()], [from]);
      }),
    );
    assert.match(
      problemsOf(lines.toSpliced(5, 1)).get(5) ?? '',
      /from record 1 of 1970-01-02 up to this one are missing/,
    );
    assert.match(problemsOf(lines.slice(1)).get(0) ?? '', /missing/);
  });
});

describe('a chain that someone worked on', () => {
  test('a record that is added or doubled shows, with a right hash of its own too', () => {
    const lines = log();
    for (let at = 0; at < lines.length; at++) {
      assert.ok(problemsOf(lines.toSpliced(at, 0, lines[at]!)).has(at + 1));
      const before = at === 0 ? undefined : fromLine(lines[at - 1]!);
      assert.ok(typeof before !== 'string');
      const head = before && { ...before.record, recordHash: before.recordHash };
      const [forged] = sealEntries(head, [answer(99)], Math.floor(at / PER_DAY) * DAY_MS);
      assert.ok(problemsOf(lines.toSpliced(at, 0, toLine(forged!))).has(at + 1), `behind ${at}`);
    }
  });

  test('a record that is replaced by one with a right hash shows at the one behind it', () => {
    const lines = log();
    for (let at = 0; at < lines.length - 1; at++) {
      const sealed = fromLine(lines[at]!);
      assert.ok(typeof sealed !== 'string');
      const body = sealed.body.replace('"status":200', '"status":201');
      const forged = toLine({ body, recordHash: sha256Hex(body) });
      assert.deepEqual([...problemsOf(lines.with(at, forged)).keys()], [at + 1]);
    }
  });
});
