import { openDatabase } from '@aistock/database';
import { openLake } from '@aistock/lake';
import { lakePlace, loadConfig, StorageEnv, type Env } from '@aistock/service-kit';
import { UsageError } from '../options.ts';
import { openCatalogue } from './catalogue.ts';
import { verifyLake, type LakeQuestion, type LakeResult } from './verify-lake.ts';

const NAME = 'verify';

/**
 * Verifies the lake that the environment names, as data_ingester reads it.
 * @param offline - without the database; else DATABASE_URL must be set.
 * @throws ConfigError, UsageError, and what lake and database throw where they cannot be reached.
 */
export async function verifyConfiguredLake(
  env: Env,
  offline: boolean,
  question: Pick<LakeQuestion, 'anchors' | 'nowMs' | 'onProgress'>,
): Promise<LakeResult> {
  const config = loadConfig(StorageEnv, env);
  const lake = openLake(lakePlace(config, NAME));
  await lake.check();
  if (offline) return verifyLake({ ...question, lake, catalogue: undefined });
  const { DATABASE_URL: url, DATABASE_PASSWORD: password } = config;
  if (url === undefined)
    throw new UsageError('DATABASE_URL is not set; --offline verifies the lake without its database');
  const db = openDatabase({ url, password: password?.reveal(), applicationName: NAME });
  try {
    return await verifyLake({ ...question, lake, catalogue: await openCatalogue(db) });
  } finally {
    await db.destroy();
  }
}
