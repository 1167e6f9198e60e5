import { baseEnv, envInt, envPeer } from '@aistock/service-kit';
import { strategySchemasEnv } from '@aistock/strategy-schemas';
import { z } from 'zod';

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
  BAR_GRACE_MS: envInt(0, 60_000).default(2_000),
});
export type EngineConfig = z.output<typeof configSchema>;
