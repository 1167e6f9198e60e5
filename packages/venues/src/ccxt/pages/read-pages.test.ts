import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import fc from 'fast-check';
import { SourceError } from '../../bar-source.ts';
import { readPages, type PageTerms, type ReadBars } from './read-pages.ts';

const STEP_MS = 60_000;
type Answer = (sinceMs: number, count: number) => readonly Bar[];

const barAt = (index: number): Bar => {
  const price = String(index);
  return { openMs: index * STEP_MS, open: price, high: price, low: price, close: price, volume: '1' };
};
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Sources that have these bars, and how each of them answers. */
const servers: Record<string, (truth: readonly Bar[], pageMax: number) => Answer> = {
  'the first bars after a time': (truth, pageMax) => (sinceMs, count) =>
    truth.filter(({ openMs }) => openMs >= sinceMs).slice(0, Math.min(count, pageMax)),
  'a window of time': (truth) => (sinceMs, count) =>
    truth.filter(({ openMs }) => openMs >= sinceMs && openMs < sinceMs + count * STEP_MS),
  'the newest bars of a window, newest first': (truth, pageMax) => (sinceMs, count) =>
    truth
      .filter(({ openMs }) => openMs >= sinceMs && openMs < sinceMs + count * STEP_MS)
      .slice(-pageMax)
      .toReversed(),
  'bars after a time, without its own': (truth, pageMax) => (sinceMs, count) =>
    truth.filter(({ openMs }) => openMs > sinceMs).slice(0, Math.min(count, pageMax)),
};

function read(answer: Answer, terms: Partial<PageTerms> & Pick<PageTerms, 'fromMs' | 'clockMs'>) {
  let asked = 0;
  const result: Promise<ReadBars> = readPages({
    stepMs: STEP_MS,
    limit: 500,
    pageBars: 40,
    keptBars: undefined,
    earlierBars: 0,
    ask: (sinceMs, count) => {
      asked++;
      return Promise.resolve(answer(sinceMs, count));
    },
    resumesMs: () => Promise.resolve(undefined),
    ...terms,
  });
  return { result, asked: () => asked };
}

const opens = (bars: readonly Bar[]): number[] => bars.map(({ openMs }) => openMs / STEP_MS);

/** Numbers of the bars that there are: stretches of bars with outages between them. */
const someTruth = fc
  .array(fc.record({ bars: fc.integer({ min: 1, max: 90 }), outage: fc.integer({ min: 1, max: 130 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((stretches) => {
    let index = 1000;
    return stretches.flatMap(({ bars, outage }) => {
      const from = index + outage;
      index = from + bars;
      return range(from, index);
    });
  });

for (const [name, server] of Object.entries(servers)) {
  test(`${name}: every bar once, whatever the outages`, async () => {
    await fc.assert(
      fc.asyncProperty(someTruth, fc.integer({ min: 25, max: 50 }), async (truth, pageMax) => {
        const answer = server(truth.map(barAt), pageMax);
        const { result } = read(answer, { fromMs: 1000 * STEP_MS, clockMs: (truth.at(-1)! + 1) * STEP_MS });
        const { bars, more } = await result;
        assert.deepEqual(opens(bars), truth.slice(0, bars.length));
        assert.ok(bars.length > 0);
        assert.ok(more || bars.length === truth.length);
      }),
      { numRuns: 60 },
    );
  });
}

const FAULTS = ['none', 'shuffled', 'doubled', 'page twice', 'oldest', 'newest', 'empty'] as const;
type Fault = (typeof FAULTS)[number];

/** The source does as it is told, but for some of its answers. */
function faulty(honest: Answer, truth: readonly Bar[], plan: readonly Fault[]): Answer {
  let turn = 0;
  let before: readonly Bar[] = [];
  return (sinceMs, count) => {
    const rows = honest(sinceMs, count);
    const fault = plan[turn++] ?? 'none';
    const wrong: Record<Fault, () => readonly Bar[]> = {
      none: () => rows,
      shuffled: () => rows.toSorted((a, b) => (a.openMs % 7) - (b.openMs % 7) || b.openMs - a.openMs),
      doubled: () => [...rows, ...rows],
      'page twice': () => before,
      oldest: () => truth.slice(0, count),
      newest: () => truth.slice(-count),
      empty: () => [],
    };
    before = rows;
    return wrong[fault]();
  };
}

for (const [name, server] of Object.entries(servers).slice(0, 2)) {
  test(`${name}, faults between: no bar is lost and none comes twice`, async () => {
    // No two faults in a row: a source that lies twice the same way cannot be told from one that tells the truth.
    const somePlan = fc
      .array(fc.constantFrom(...FAULTS), { maxLength: 30 })
      .map((plan) => plan.flatMap((fault): Fault[] => [fault, 'none', 'none']));
    await fc.assert(
      fc.asyncProperty(someTruth, somePlan, async (indices, plan) => {
        const truth = indices.map(barAt);
        const answer = faulty(server(truth, 40), truth, plan);
        const { result, asked } = read(answer, {
          fromMs: 1000 * STEP_MS,
          clockMs: (indices.at(-1)! + 1) * STEP_MS,
        });
        const got = await result.catch((error: unknown) => {
          assert.ok(error instanceof SourceError && error.code === 'source_stuck', String(error));
          return undefined;
        });
        if (got) assert.deepEqual(opens(got.bars), indices.slice(0, got.bars.length));
        assert.ok(asked() <= 60);
      }),
      { numRuns: 150 },
    );
  });
}

const history = range(0, 5000).map(barAt);
const now = { clockMs: 5000 * STEP_MS };

for (const [name, answer] of Object.entries<Answer>({
  'its oldest bars': (_, count) => history.slice(0, count),
  'its newest bars': (_, count) => history.slice(-count),
  'the same page for ever': (sinceMs, count) => (sinceMs > 0 ? history.slice(2000, 2000 + count) : []),
})) {
  test(`a source that gives ${name} is given up soon`, async () => {
    const { result, asked } = read(answer, { fromMs: 3000 * STEP_MS, ...now });
    await assert.rejects(result, (error) => error instanceof SourceError && error.code === 'source_stuck');
    assert.ok(asked() <= 10);
  });
}

test('a long time without bars is crossed by asking where they go on', async () => {
  const late = range(4000, 5000).map(barAt);
  const answer = servers['a window of time']!(late, 40);
  const { result, asked } = read(answer, {
    fromMs: 0,
    limit: 100,
    ...now,
    resumesMs: () => Promise.resolve(3990 * STEP_MS),
  });
  assert.deepEqual(opens((await result).bars), range(4000, 4100));
  assert.ok(asked() < 20);
});

test('nothing for as long as it may be asked is an error, not an empty answer', async () => {
  const { result, asked } = read(() => [], { fromMs: 0, ...now });
  await assert.rejects(result, (error) => error instanceof SourceError && error.code === 'source_stuck');
  assert.equal(asked(), 60);
});

test('nothing up to now is an empty answer', async () => {
  const { result } = read(() => [], { fromMs: 4990 * STEP_MS, ...now });
  assert.deepEqual(await result, { bars: [], more: false, unserved: [] });
});

test('what is older than the source keeps is told, and the rest is read', async () => {
  const kept = history.slice(-72);
  const answer: Answer = (sinceMs) => kept.filter(({ openMs }) => openMs >= sinceMs - STEP_MS);
  const { result } = read(answer, { fromMs: 100 * STEP_MS, keptBars: 72, earlierBars: 1, ...now });
  const { bars, unserved } = await result;
  assert.deepEqual(opens(bars), range(4928, 5000));
  const [range0] = unserved;
  assert.deepEqual(range0, {
    fromMs: 100 * STEP_MS,
    toMs: 4928 * STEP_MS,
    why: 'only the newest 72 bars are kept',
  });
});
