import { serviceClient } from '@aistock/service-kit';
import {
  dataIngesterApi,
  executorApi,
  mlServiceApi,
  paramControllerApi,
  riskGateApi,
  type Client,
} from '@aistock/shared';
import type { EngineConfig } from './config.ts';

/** The services that the engine asks, and nothing else does it reach. */
export interface Neighbours {
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly controller: Client<typeof paramControllerApi>;
  readonly models: Client<typeof mlServiceApi>;
  readonly gate: Client<typeof riskGateApi>;
  readonly executor: Client<typeof executorApi>;
}

export function connectNeighbours(config: EngineConfig): Neighbours {
  const token = config.AUTH_TOKEN_SERVICE;
  return {
    ingester: serviceClient(dataIngesterApi, { url: config.DATA_INGESTER_URL, token }),
    controller: serviceClient(paramControllerApi, { url: config.PARAM_CONTROLLER_URL, token }),
    models: serviceClient(mlServiceApi, { url: config.ML_SERVICE_URL, token }),
    gate: serviceClient(riskGateApi, { url: config.RISK_GATE_URL, token }),
    executor: serviceClient(executorApi, { url: config.EXECUTOR_URL, token }),
  };
}
