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
  await lake.check().catch(unreachable(`the lake at ${lake.place}`));
  const { DATABASE_URL: url, DATABASE_PASSWORD: password } = config;
  if (!offline && url === undefined)
    throw new UsageError('DATABASE_URL is not set; --offline verifies the lake without its database');
  if (offline || url === undefined) {
    const result = await verifyLake({ ...question, lake, catalogue: undefined });
    // Another folder than was meant would verify: nothing in it is wrong.
    if (result.verified && result.days.length === 0)
      throw new UsageError(`${lake.place} holds no raw log: there is nothing to verify`);
    return result;
  }
  const db = openDatabase({ url, password: password?.reveal(), applicationName: NAME });
  try {
    const catalogue = await openCatalogue(db).catch(unreachable('the database'));
    return await verifyLake({ ...question, lake, catalogue });
  } finally {
    await db.destroy();
  }
}

function unreachable(what: string): (error: Error) => never {
  return (error) => {
    throw new UsageError(`${what} cannot be read: ${error.message}`, { cause: error });
  };
}
