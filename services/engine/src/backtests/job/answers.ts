import type { BacktestAnswers } from '@aistock/trading/backtest';
import type { SlotParams } from '@aistock/trading/core';
import { closeMs } from '@aistock/market';
import { STRATEGIES } from '@aistock/trading/strategies';
import type { JobSlot, JobStream, RegimeColumns, RunJob } from './run-job.ts';

/** No decision of param_controller stands behind a backtest. */
const BACKTEST_CONFIG_ID = '00000000-0000-4000-8000-000000000000';

/** What the model and the parameters answer, from what was asked for. */
export function answersOf(slots: readonly JobSlot[], job: RunJob): BacktestAnswers {
  const params = new Map(slots.map((slot) => [slot.id, paramsOf(slot)]));
  const models = new Map(
    slots.flatMap(({ id, streams: [primary] }) => {
      const columns = job.regimes.get(id);
      return columns ? [[primary!, columns] as const] : [];
    }),
  );
  const streams = new Map(job.streams.map((stream) => [stream.id, stream]));
  return {
    regimeAt: (stream, barOpenMs) =>
      regimeAt(job, { stream: streams.get(stream)!, barOpenMs }, models.get(stream)),
    paramsAt: (slot, _atMs, modelUsable) => {
      const known = params.get(slot)!;
      return { params: modelUsable ? known.given : known.conservative, missing: null };
    },
  };
}

function regimeAt(
  job: RunJob,
  { stream, barOpenMs }: { readonly stream: JobStream; readonly barOpenMs: number },
  columns: RegimeColumns | undefined,
): ReturnType<BacktestAnswers['regimeAt']> {
  if (!columns) return { regime: null, missing: 'none' };
  if (barOpenMs < columns.trainedToMs && !job.request.allow_in_sample)
    return { regime: null, missing: 'in_sample' };
  if (closeMs(barOpenMs, stream.timeframe, stream.calendar) >= columns.expiresMs)
    return { regime: null, missing: 'expired' };
  const index = indexOf(columns.openMs, barOpenMs);
  if (index === -1) return { regime: null, missing: 'none' };
  const { modelId, trend, risk } = columns;
  return { regime: { modelId, hmmTrend: trend[index]!, hmmRisk: risk[index]! }, missing: null };
}

function indexOf(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] === value) return middle;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function paramsOf(slot: JobSlot): Record<'given' | 'conservative', SlotParams> {
  const { schema } = STRATEGIES.get(slot.strategy)!;
  const { preset_id: presetId = null, conservative_preset_id: conservativePresetId = null } = slot;
  const common = { configId: BACKTEST_CONFIG_ID, expiresMs: null };
  const given: SlotParams = {
    ...common,
    presetId,
    params: schema.parse(slot.params),
    source: presetId === null ? 'given' : 'chosen',
  };
  // A slot that asks no model has lost nothing when there is none.
  if (slot.model_use === 'off') return { given, conservative: given };
  const params = schema.parse(slot.conservative_params);
  return {
    given,
    conservative: { ...common, presetId: conservativePresetId, params, source: 'conservative' },
  };
}
