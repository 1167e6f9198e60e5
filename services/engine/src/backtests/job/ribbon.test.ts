import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BacktestRequest } from '@aistock/shared';
import { BarSeries } from '@aistock/trading/bars';
import { ribbonOf } from './ribbon.ts';
import type { JobSlot, JobStream, RunJob } from './run-job.ts';
import { shareSeries } from './shared-series.ts';

const HOUR_MS = 3_600_000;
const STREAM: JobStream = {
  id: 'test:FAKE:1h',
  instrument: 'FAKE',
  timeframe: '1h',
  calendar: 'always',
  bars: shareSeries(new BarSeries()),
  detail: null,
};
const PARAMS = { fast_bars: 5, slow_bars: 20, atr_bars: 10, stop_atr: 3, trend_min: 0, risk_fraction: 0.5 };
const SLOT: JobSlot = {
  id: 'main',
  strategy: 'trend_following',
  streams: [STREAM.id],
  params: PARAMS,
  conservative_params: PARAMS,
  model_use: 'confirm',
};

/** Four bars; the model was trained on the first two and expires when the last closes. */
function ribbon(allowInSample: boolean) {
  const { slots: _none, ...request } = BacktestRequest.parse({
    strategy: 'trend_following',
    stream: STREAM.id,
    from_ms: 0,
    to_ms: 4 * HOUR_MS,
    allow_in_sample: allowInSample,
  });
  const job: RunJob = {
    key: 'test',
    request: { ...request, slots: [SLOT] },
    currency: 'USD',
    streams: [STREAM],
    regimes: new Map([
      [
        'main',
        {
          modelId: 'model',
          openMs: Float64Array.of(0, HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS),
          trend: Float64Array.of(0.1, 0.2, 0.3, 0.4),
          risk: new Float64Array(4),
          trainedToMs: 2 * HOUR_MS,
          expiresMs: 4 * HOUR_MS,
        },
      ],
    ]),
    progress: new Int32Array(1),
  };
  return ribbonOf(job, STREAM).map(({ fromMs, regime }) => [fromMs / HOUR_MS, regime?.hmmTrend ?? null]);
}

test('the ribbon shows what the strategy was told: nothing in sample, nothing of an expired model', () => {
  assert.deepEqual(ribbon(false), [
    [1, null],
    [2, null],
    [3, 0.3],
    [4, null],
  ]);
  assert.deepEqual(ribbon(true).slice(0, 2), [
    [1, 0.1],
    [2, 0.2],
  ]);
});
