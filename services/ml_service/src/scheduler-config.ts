import { envPeer, envSecret } from '@aistock/service-kit';
import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';

/** What the scheduler reads; it has neither a port nor a database. */
export const schedulerSchema = z.object({
  /** When to retrain, in UTC: minute, hour, day of the month, month, day of the week. */
  RETRAIN_CRON: z
    .string()
    .refine(isCronExpression, 'must be a cron expression such as 0 * * * *')
    .default('0 * * * *'),
  ML_SERVICE_URL: envPeer('ml_service'),
  AUTH_TOKEN_SERVICE: envSecret().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
