import { baseEnv, envInt, envPeer } from '@aistock/service-kit';
import { z } from 'zod';

const PERMIT_TTL_MS_MAX = 2_000;

export const configSchema = z.object({
  ...baseEnv,
  DATA_INGESTER_URL: envPeer('data_ingester'),
  /** How long the reference prices of a check may take, in ms; without them the order is denied. */
  PRICE_TIMEOUT_MS: envInt(1, 1_000).default(250),
  /** How long a permit is good for, in ms. */
  PERMIT_TTL_MS: envInt(1, PERMIT_TTL_MS_MAX).default(PERMIT_TTL_MS_MAX),
});
