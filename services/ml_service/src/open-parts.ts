import type { Db } from '@aistock/database';
import { openLake } from '@aistock/lake';
import {
  lakePlace,
  loadSigningKey,
  serviceClient,
  type Clock,
  type Logger,
  type Metrics,
} from '@aistock/service-kit';
import { dataIngesterApi } from '@aistock/shared';
import { loadStrategies } from '@aistock/strategy-schemas';
import type { Config } from './config.ts';
import { openFeatures } from './features/open-features.ts';
import { openServing } from './open-serving.ts';
import { openShadow } from './shadow/open-shadow.ts';
import { trainerVersion } from './training/code-version.ts';
import { openTraining } from './training/open-training.ts';
import type { TrainingContext } from './training/training-context.ts';

export interface PartsContext {
  readonly name: string;
  readonly config: Config;
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The fit; in a thread of its own unless a test gives another. */
  readonly train: TrainingContext['train'];
}

/** What the service is made of; nothing runs yet. */
export async function openParts({ name, config, db, clock, logger, metrics, train }: PartsContext) {
  const strategies = await loadStrategies(config.STRATEGY_SCHEMAS_DIR);
  const signer = {
    name: config.REPORT_ORIGIN,
    key: await loadSigningKey(config.REPORT_KEY_FILE, 'REPORT_KEY_FILE'),
  };
  const ingesterPlace = { url: config.DATA_INGESTER_URL, token: config.AUTH_TOKEN_SERVICE?.reveal() };
  const ingester = serviceClient(dataIngesterApi, {
    url: config.DATA_INGESTER_URL,
    token: config.AUTH_TOKEN_SERVICE,
  });
  const place = lakePlace(config, name);
  const lake = openLake(place);
  const base = { db, ingester, clock, logger };
  const features = openFeatures({ db, lake, ingester: ingesterPlace, clock, logger });
  const training = openTraining(
    {
      ...base,
      lake,
      places: { lake: place, ingester: ingesterPlace },
      config,
      strategies,
      codeVersion: await trainerVersion(),
      signer,
      ...(train && { train }),
    },
    metrics,
    // Where each bar is read once, only who asks for features has bars read again.
    config.EXACTLY_ONCE ? () => undefined : features.keepUp,
  );
  const serving = openServing({ ...base, config });
  const shadow = openShadow(
    {
      ...base,
      strategies,
      keep: config.REGISTRY_KEEP,
      everyMs: config.SHADOW_EVERY_S * 1_000,
      current: () => serving.watch.current(),
      refresh: () => serving.watch.refresh(),
    },
    metrics,
  );
  return { features, training, serving, shadow };
}
