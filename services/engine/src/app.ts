import { createService, loadConfig, peerCheck, type Env, type Service } from '@aistock/service-kit';
import { engineApi } from '@aistock/shared';
import { STRATEGIES } from '@aistock/trading/strategies';
import { backtest } from './backtest.ts';
import { configSchema } from './config.ts';
import { connectNeighbours } from './neighbours.ts';
import { SessionSlots } from './session/session-slots.ts';
import { tradeSession } from './session/trade-session.ts';
import { SignalRing } from './signal-ring.ts';

export async function createApp(env: Env): Promise<Service> {
  const config = loadConfig(configSchema, env);
  const neighbours = connectNeighbours(config);
  const signals = new SignalRing();
  const slots = new SessionSlots();
  return createService({
    name: 'engine',
    api: engineApi,
    config,
    handlers: {
      strategies: async () => ({
        strategies: [...STRATEGIES.values()].map(({ name, description, paramNames }) => ({
          strategy: name,
          description,
          params: [...paramNames],
        })),
      }),
      signals: async () => ({ signals: signals.newestFirst() }),
      backtest: ({ body }) => backtest(neighbours, body),
      session: ({ body }, context) =>
        slots.take(body.account, () => tradeSession({ neighbours, signals }, body, context)),
    },
    checks: [
      peerCheck('data_ingester', config.DATA_INGESTER_URL),
      peerCheck('param_controller', config.PARAM_CONTROLLER_URL),
      peerCheck('ml_service', config.ML_SERVICE_URL),
      peerCheck('risk_gate', config.RISK_GATE_URL),
      peerCheck('executor', config.EXECUTOR_URL),
    ],
    state: () => ({ accounts_trading: slots.taken(), signals: signals.newestFirst().length }),
  });
}
