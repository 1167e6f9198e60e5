import { ServiceError } from '@aistock/service-kit';
import type { Forecast, ForecastKind } from '@aistock/shared';
import { barCloseMs } from '../following/bar-close.ts';
import type { FollowedModels } from '../following/followed-models.ts';
import { newestClosed } from '../following/newest-closed.ts';
import type { Asker } from '../regime/answering-model.ts';
import { findAnswering } from '../regime/find-answering.ts';
import type { RegistryWatch } from '../registry/registry-watch.ts';
import type { NamedModel } from '../registry/snapshot.ts';
import type { FollowedForecast } from './forecast-models.ts';
import { toldAt } from './forecast-path.ts';
import { isInSample } from './in-sample.ts';

export interface ForecastQuestion extends Asker {
  readonly kind: ForecastKind;
  readonly asOfMs: number;
}

export interface ForecastPlaces {
  readonly watch: RegistryWatch;
  readonly forecasts: FollowedModels<FollowedForecast>;
}

/**
 * What the answering model told at the last bar that had closed by then.
 * @throws ServiceError where nobody answers, `no_forecast_yet`, or `forecast_unknown` where the model tells nothing at that
 *   bar.
 */
export async function readForecast(
  { watch, forecasts }: ForecastPlaces,
  { kind, asOfMs, ...asker }: ForecastQuestion,
): Promise<Forecast> {
  const { model, strategy, generation } = await findAnswering(watch, asker, kind);
  const told = await forecasts.read(model, asOfMs, (followed) => toldBy(followed, model, asOfMs));
  const expiresMs = model.expires_at.getTime();
  return {
    instrument: asker.instrument,
    kind,
    model_id: model.model_id,
    strategy,
    generation,
    ...told,
    expires_ms: expiresMs,
    expired: expiresMs <= asOfMs,
  };
}

type Told = Pick<Forecast, 'algorithm' | 'bar_open_ms' | 'values' | 'target' | 'in_sample'>;

function toldBy({ model, path }: FollowedForecast, named: NamedModel, asOfMs: number): Told {
  const at = newestClosed(path.openMs, (openMs) => barCloseMs(openMs, named) <= asOfMs);
  if (at < 0)
    throw new ServiceError(
      'no_forecast_yet',
      404,
      `no bar of ${named.stream} that the model can judge had closed at ${asOfMs}`,
    );
  const { openMs, values } = toldAt(path, at);
  const missing = path.follower.tells.filter((name) => !(name in values));
  if (missing.length > 0)
    throw new ServiceError(
      'forecast_unknown',
      409,
      `at the bar of ${openMs} the model cannot tell ${missing.join(', ')}: it lacks a feature, or earlier bars`,
    );
  const { target, algorithm } = model;
  return {
    algorithm,
    bar_open_ms: openMs,
    values,
    target: target && { name: target.name, horizon_bars: target.horizonBars },
    in_sample: isInSample(path.openMs, at, {
      trainedToMs: named.trained_to_at.getTime(),
      horizonBars: target?.horizonBars ?? 0,
    }),
  };
}
