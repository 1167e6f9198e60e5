import { baseEnv, envPeer } from '@aistock/service-kit';
import { z } from 'zod';

export const configSchema = z.object({
  ...baseEnv,
  DATA_INGESTER_URL: envPeer('data_ingester'),
  PARAM_CONTROLLER_URL: envPeer('param_controller'),
  ML_SERVICE_URL: envPeer('ml_service'),
  RISK_GATE_URL: envPeer('risk_gate'),
  EXECUTOR_URL: envPeer('executor'),
});
export type EngineConfig = z.output<typeof configSchema>;
