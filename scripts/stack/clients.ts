import {
  auditorApi,
  type Client,
  createClient,
  dataIngesterApi,
  engineApi,
  executorApi,
  mlServiceApi,
  paramControllerApi,
  riskGateApi,
} from '@aistock/shared';

export interface Clients {
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly ml: Client<typeof mlServiceApi>;
  readonly params: Client<typeof paramControllerApi>;
  readonly gate: Client<typeof riskGateApi>;
  readonly executor: Client<typeof executorApi>;
  readonly engine: Client<typeof engineApi>;
  readonly auditor: Client<typeof auditorApi>;
}

/** Typed clients of the services that the pipeline asks. */
export function createClients(urlOf: (service: keyof Clients) => string, token: string | undefined): Clients {
  const optionsOf = (service: keyof Clients) => ({ baseUrl: urlOf(service), ...(token ? { token } : {}) });
  return {
    ingester: createClient(dataIngesterApi, optionsOf('ingester')),
    ml: createClient(mlServiceApi, optionsOf('ml')),
    params: createClient(paramControllerApi, optionsOf('params')),
    gate: createClient(riskGateApi, optionsOf('gate')),
    executor: createClient(executorApi, optionsOf('executor')),
    engine: createClient(engineApi, optionsOf('engine')),
    auditor: createClient(auditorApi, optionsOf('auditor')),
  };
}
