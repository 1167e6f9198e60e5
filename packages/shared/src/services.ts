import { auditorApi } from './api/auditor.ts';
import { dataIngesterApi } from './api/data-ingester.ts';
import { engineApi } from './api/engine.ts';
import { executorApi } from './api/executor.ts';
import { mlServiceApi } from './api/ml-service.ts';
import { paramControllerApi } from './api/param-controller.ts';
import { riskGateApi } from './api/risk-gate.ts';
import type { Api } from './route.ts';

export const SERVICE_NAMES = [
  'data_ingester',
  'param_controller',
  'ml_service',
  'risk_gate',
  'executor',
  'auditor',
  'engine',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The port of each service on the host. */
export const SERVICE_PORTS: Readonly<Record<ServiceName, number>> = {
  data_ingester: 8001,
  param_controller: 8002,
  ml_service: 8003,
  risk_gate: 8004,
  executor: 8005,
  auditor: 8006,
  engine: 8007,
};

/** Every service's routes, for what is generated from all of them. */
export const SERVICE_APIS: Readonly<Record<ServiceName, Api>> = {
  data_ingester: dataIngesterApi,
  param_controller: paramControllerApi,
  ml_service: mlServiceApi,
  risk_gate: riskGateApi,
  executor: executorApi,
  auditor: auditorApi,
  engine: engineApi,
};
