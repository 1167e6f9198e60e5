import {
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  loadConfig,
  openServiceDatabase,
  peerCheck,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { engineApi } from '@aistock/shared';
import { loadStrategies } from '@aistock/strategy-schemas';
import { STRATEGIES } from '@aistock/trading/strategies';
import { openBacktests } from './backtests/open-backtests.ts';
import { configSchema } from './config.ts';
import { connectNeighbours } from './neighbours.ts';
import { REPORT_STYLE } from '@aistock/report';
import { openSessions, type SessionOverrides } from './session/open-sessions.ts';
import { openShadow } from './shadow/open-shadow.ts';

const NAME = 'engine';

/** Puts the engine together; it takes up its live sessions and the runs that wait. */
export async function createApp(env: Env, overrides: SessionOverrides = {}): Promise<Service> {
  const config = loadConfig(configSchema, env);
  const logger = createLogger({ service: NAME, level: config.LOG_LEVEL });
  const metrics = createMetrics(NAME);
  const strategies = await loadStrategies(config.STRATEGY_SCHEMAS_DIR);
  const db = openServiceDatabase(config);
  const neighbours = connectNeighbours(config);
  const backtests = await openBacktests({
    db,
    neighbours,
    strategies,
    logger,
    threads: config.BACKTEST_THREADS,
  });
  const sessions = openSessions({ config, db, neighbours, logger, metrics }, overrides);
  const shadow = openShadow({ config, db, neighbours, logger, metrics, clock: overrides.clock });
  backtests.start();
  sessions.start();
  shadow.start();
  return createService({
    name: NAME,
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
      ...backtests.handlers,
      ...sessions.handlers,
      ...shadow.handlers,
    },
    checks: [
      databaseCheck(db),
      sessions.check,
      shadow.check,
      peerCheck('data_ingester', config.DATA_INGESTER_URL),
      peerCheck('param_controller', config.PARAM_CONTROLLER_URL),
      peerCheck('ml_service', config.ML_SERVICE_URL),
      peerCheck('risk_gate', config.RISK_GATE_URL),
      peerCheck('executor', config.EXECUTOR_URL),
    ],
    state: () => ({ ...sessions.state(), ...shadow.state(), code_version: backtests.codeVersion }),
    onStop: [
      shadow.stopHook,
      sessions.stopHook,
      backtests.stopHook,
      { name: 'database', run: () => db.destroy() },
    ],
    pageStyles: [REPORT_STYLE],
    logger,
    metrics,
    ...(overrides.clock && { clock: overrides.clock }),
  });
}
