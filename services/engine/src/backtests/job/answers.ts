import type { BacktestAnswers } from '@aistock/trading/backtest';
import type { SlotParams } from '@aistock/trading/core';
import { closeMs } from '@aistock/market';
import type { BarSeries } from '@aistock/trading/bars';
import { STRATEGIES } from '@aistock/trading/strategies';
import { BACKTEST_CONFIG_ID, presetParams, type ParamsAnswer } from './preset-params.ts';
import type { JobSlot, JobStream, RegimeColumns, RunJob } from './run-job.ts';

/** What the model answers, from what was asked for. */
export function regimesOf(slots: readonly JobSlot[], job: RunJob): Pick<BacktestAnswers, 'regimeAt'> {
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
  };
}

/**
 * What the model and the parameters answer, from what was asked for.
 * @param bars those that are traded, by stream id.
 */
export function answersOf(
  slots: readonly JobSlot[],
  job: RunJob,
  bars: ReadonlyMap<string, BarSeries>,
): BacktestAnswers {
  const { regimeAt: regimeOf } = regimesOf(slots, job);
  const paramsOf = new Map(
    slots.map((slot) => {
      const [primary] = slot.streams;
      const stream = job.streams.find(({ id }) => id === primary)!;
      if (!slot.preset_terms) return [slot.id, givenParams(slot)] as const;
      const modelEndsMs = job.regimes.get(slot.id)?.expiresMs ?? Infinity;
      return [
        slot.id,
        presetParams(slot, slot.preset_terms, { stream, bars: bars.get(stream.id)!, regimeOf, modelEndsMs }),
      ] as const;
    }),
  );
  return {
    regimeAt: regimeOf,
    paramsAt: (slot, atMs, modelUsable) => paramsOf.get(slot)!(atMs, modelUsable),
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

/** Parameters that hold for good. */
function givenParams(slot: JobSlot): ParamsAnswer {
  const { schema } = STRATEGIES.get(slot.strategy)!;
  const of = (params: JobSlot['params'], source: 'given' | 'conservative'): SlotParams => ({
    configId: BACKTEST_CONFIG_ID,
    presetId: null,
    params: schema.parse(params),
    source,
    expiresMs: null,
  });
  const given = of(slot.params, 'given');
  // A slot that asks no model has lost nothing when there is none.
  const without = slot.model_use === 'off' ? given : of(slot.conservative_params, 'conservative');
  return (_atMs, modelUsable) => ({ params: modelUsable ? given : without, missing: null });
}
