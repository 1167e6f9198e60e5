import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProcess } from './replica-process.ts';
import { startRig, WAIT } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';

const BARS = sp500();
const QUESTIONS_MIN = 300;
/** Between questions, so that a machine with few cores is not filled by them alone. */
const PAUSE_MS = 3;
/** Far above what it takes, for the machine that tests run on may do other things; the figure itself is printed. */
const P99_MS_MAX = 100;

test('GET /regime answers while models are trained as fast as when none is', async (t) => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 4_700));
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.promoted, true);
  await rig.stop();
  const { ml, url, kill } = await startProcess(rig);
  try {
    const ask = async (): Promise<number> => {
      const startMs = performance.now();
      await ml.regime({ params: { instrument: 'SP500' }, query: { as_of_ms: String(BARS[4_700]!.openMs) } });
      return performance.now() - startMs;
    };
    const measure = async (goOn: () => boolean): Promise<number[]> => {
      const took: number[] = [];
      while (took.length < QUESTIONS_MIN || goOn()) {
        took.push(await ask());
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      return took;
    };
    await measure(() => false);
    const idle = await measure(() => false);
    const before = await answered(url);
    const state = { over: false };
    const body = {
      streams: [STREAM],
      window_bars: 4_700,
      hyperparameters: { states: [2, 3, 4, 5, 6], restarts: 24 },
    };
    const training = ml.train({ ...WAIT, body }).finally(() => (state.over = true));
    const busy = await measure(() => !state.over);
    assert.equal((await training).runs[0]?.status, 'trained');
    const after = await answered(url);
    const share = (after.within10ms - before.within10ms) / (after.all - before.all);
    t.diagnostic(`GET /regime idle: ${told(idle)}; while a model is trained: ${told(busy)}`);
    t.diagnostic(`by the clock of the service ${(100 * share).toFixed(1)} % were answered within 10 ms`);
    assert.ok(quantile(busy, 0.99) < P99_MS_MAX, told(busy));
  } finally {
    await kill();
  }
});

/** How many questions the service has answered, by its own metrics. */
async function answered(url: string): Promise<{ readonly within10ms: number; readonly all: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = (le: string): number => {
    const line = text
      .split('\n')
      .find(
        (each) =>
          each.includes('duration_seconds_bucket') && each.includes('/regime') && each.includes(`le="${le}"`),
      );
    return Number(line?.split(' ').at(-1));
  };
  return { within10ms: count('0.01'), all: count('+Inf') };
}

function told(took: readonly number[]): string {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(took, share).toFixed(2));
  return `p50 ${p50} ms, p99 ${p99} ms of ${took.length}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
