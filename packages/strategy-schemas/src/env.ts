import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const SCHEMAS_DIR_DEFAULT = fileURLToPath(new URL('../../../strategy_schemas', import.meta.url));

/** Where a service finds the strategies' schemas: one YAML file a strategy. */
export const strategySchemasEnv = {
  STRATEGY_SCHEMAS_DIR: z.string().min(1).default(SCHEMAS_DIR_DEFAULT),
};
