import { baseEnv, envInt, envNumber, envPeer } from '@aistock/service-kit';
import { strategySchemasEnv } from '@aistock/strategy-schemas';
import { validate as isCronExpression } from 'node-cron';
import { z } from 'zod';

const BPS_MAX = 10_000;

export const configSchema = z.object({
  ...baseEnv,
  ...strategySchemasEnv,
  DATA_INGESTER_URL: envPeer('data_ingester'),
  PARAM_CONTROLLER_URL: envPeer('param_controller'),
  ML_SERVICE_URL: envPeer('ml_service'),
  RISK_GATE_URL: envPeer('risk_gate'),
  EXECUTOR_URL: envPeer('executor'),
  /** Threads that run backtests; as many as there are cores unless told. */
  BACKTEST_THREADS: envInt(1, 256).optional(),
  /** How long after a crash nobody goes on with a session, in s: a claim that is not renewed for so long is nobody's. */
  SESSION_LEASE_S: envInt(2, 300).default(10),
  /** How late a bar may be until a live session enters nothing on its stream, in s from when it should have closed. */
  STALE_AFTER_S: envInt(1, 86_400).default(120),
  /** How long a live session waits with a close for bars of other streams that should have closed then, in ms. */
  BAR_GRACE_MS: envInt(0, 60_000).default(10_000),
  /** When the days of live sessions are run again, in UTC: minute, hour, day of the month, month, day of the week; or `off`. */
  SHADOW_CRON: z
    .string()
    .refine(
      (text) => text === 'off' || isCronExpression(text),
      'must be a cron expression such as 30 0 * * *, or off',
    )
    .default('30 0 * * *'),
  /** Days back that are caught up with where they were missed. */
  SHADOW_CATCH_UP_DAYS: envInt(1, 31).default(7),
  /** Difference of a strategy's day, in bps of equity, past which there is an alert. */
  SHADOW_ALERT_BPS: envNumber(0, BPS_MAX).default(20),
  /** Past which the strategy is set to reduce-only. */
  SHADOW_REDUCE_BPS: envNumber(0, BPS_MAX).default(100),
  /** Share of a strategy's decisions that differ though the books were the same, past which there is an alert. */
  SHADOW_ALERT_SHARE: envNumber(0, 1).default(0.01),
  /** Past which the strategy is set to reduce-only. */
  SHADOW_REDUCE_SHARE: envNumber(0, 1).default(0.1),
});
export type EngineConfig = z.output<typeof configSchema>;
