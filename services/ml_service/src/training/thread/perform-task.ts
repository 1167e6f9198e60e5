import { openLake, RawStore } from '@aistock/lake';
import type { Bar } from '@aistock/market';
import { createClient, dataIngesterApi } from '@aistock/shared';
import { trainForecastTask } from '../../forecast/train-forecast-task.ts';
import { trainRegimes } from '../train-regimes.ts';
import { claimedBars, windowBars } from '../training-bars.ts';
import type { Told, TrainingOutcome, TrainingTask } from './training-task.ts';

/**
 * Reads the bars, fits a challenger and judges it. The same bars and task give the same outcome.
 * @throws TrainingProblem, HmmError, ModelError, FeatureError or CallError.
 */
export async function performTask(task: TrainingTask, told: Told): Promise<TrainingOutcome> {
  told({ phase: 'reading', share: 0, message: '' });
  const bars = await readBars(task);
  told({ phase: 'fitting', share: 0, message: `${bars.length} bars` });
  const { terms } = task;
  return terms.tells === 'regimes'
    ? trainRegimes({ ...task, terms }, bars, told)
    : trainForecastTask({ ...task, terms }, bars, told);
}

async function readBars({ places, stream, wanted }: TrainingTask): Promise<Bar[]> {
  const { url, token } = places.ingester;
  const ingester = createClient(dataIngesterApi, { baseUrl: url, ...(token && { token }) });
  if (wanted.type === 'window') return windowBars(ingester, stream, wanted);
  const rawStore = new RawStore(openLake(places.lake));
  return claimedBars({ ingester, rawStore }, wanted.files, wanted.asOfMs);
}
