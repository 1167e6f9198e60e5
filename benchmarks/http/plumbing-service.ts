import { baseEnv, createService, loadConfig, runMain } from '@aistock/service-kit';
import { paramControllerApi, riskGateApi } from '@aistock/shared';
import { z } from 'zod';
import { DECISION, VERDICT } from './answers.ts';

/** Our plumbing around handlers that do nothing: what it costs by itself. */
await runMain(async (env) =>
  createService({
    name: 'engine',
    api: { param: paramControllerApi.param, check: riskGateApi.check },
    config: loadConfig(z.object(baseEnv), env),
    handlers: { param: async () => DECISION, check: async () => VERDICT },
  }),
);
