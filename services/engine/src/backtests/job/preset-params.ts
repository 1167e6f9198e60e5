import { BarCursor, firstFrom, type BarSeries } from '@aistock/trading/bars';
import type { BacktestAnswers } from '@aistock/trading/backtest';
import { featuresWithoutModel, refuseFeatures } from '@aistock/trading/policy';
import { STRATEGIES } from '@aistock/trading/strategies';
import { choiceFeatures } from '../../choice-features.ts';
import type { JobSlot, JobStream, PresetTerms } from './run-job.ts';

/** No decision of param_controller stands behind a backtest. */
export const BACKTEST_CONFIG_ID = '00000000-0000-4000-8000-000000000000';

/** What a slot is told of its parameters at a close. */
export type ParamsAnswer = (atMs: number, modelUsable: boolean) => ReturnType<BacktestAnswers['paramsAt']>;

/** What a choice is made from. */
interface ChoiceOf {
  readonly stream: JobStream;
  readonly bars: BarSeries;
  readonly regimeOf: BacktestAnswers['regimeAt'];
  /** Unix ms; Infinity without a model. */
  readonly modelEndsMs: number;
}

/**
 * Parameters as param_controller gives a fixed preset: from the same features, with the same refusals and for as long. The
 * conservative one comes without a model; a slot that asks none has lost nothing when there is none.
 */
export function presetParams(
  slot: JobSlot,
  { conservative, expiry_s: expiryS, features: specs }: PresetTerms,
  { stream, bars, regimeOf, modelEndsMs }: ChoiceOf,
): ParamsAnswer {
  const { schema } = STRATEGIES.get(slot.strategy)!;
  const chosen = { presetId: slot.preset_id!, params: schema.parse(slot.params), source: 'chosen' as const };
  const without =
    slot.model_use === 'off'
      ? chosen
      : {
          presetId: conservative,
          params: schema.parse(slot.conservative_params),
          source: 'conservative' as const,
        };
  return (atMs, modelUsable) => {
    const seen = new BarCursor(bars, firstFrom(bars, atMs));
    const { regime } = modelUsable ? regimeOf(stream.id, seen.openMs(0)) : { regime: null };
    const features = choiceFeatures(seen, stream, regime);
    const asked = regime ? specs : featuresWithoutModel(specs, features);
    const refusal = refuseFeatures({ features: asked }, features);
    if (refusal) return { params: null, missing: refusal.code };
    const expiresMs = Math.min(atMs + expiryS * 1_000, regime ? modelEndsMs : Infinity);
    return {
      params: { configId: BACKTEST_CONFIG_ID, ...(regime ? chosen : without), expiresMs },
      missing: null,
    };
  };
}
