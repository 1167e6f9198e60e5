import {
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  loadConfig,
  openServiceDatabase,
  peerCheck,
  serviceClient,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi, riskGateApi } from '@aistock/shared';
import { configSchema } from './config.ts';
import { createHandlers } from './handlers.ts';
import { PermitKey } from './permit-key.ts';
import { PriceSource } from './price-source.ts';

const STREAMS_TIMEOUT_MS = 1_000;

/** Puts risk_gate together; nothing is asked or listened for yet. */
export async function createApp(env: Env): Promise<Service> {
  const config = loadConfig(configSchema, env);
  const db = openServiceDatabase(config);
  const logger = createLogger({ service: 'risk_gate', level: config.LOG_LEVEL });
  const metrics = createMetrics('risk_gate');
  const ingester = { url: config.DATA_INGESTER_URL, token: config.AUTH_TOKEN_SERVICE };
  const gate = {
    db,
    prices: new PriceSource({
      prices: serviceClient(dataIngesterApi, { ...ingester, timeoutMs: config.PRICE_TIMEOUT_MS }),
      streams: serviceClient(dataIngesterApi, { ...ingester, timeoutMs: STREAMS_TIMEOUT_MS }),
      logger,
    }),
    key: new PermitKey(),
    permitTtlMs: config.PERMIT_TTL_MS,
  };
  return createService({
    name: 'risk_gate',
    api: riskGateApi,
    config,
    handlers: createHandlers(gate, metrics),
    checks: [databaseCheck(db), peerCheck('data_ingester', config.DATA_INGESTER_URL)],
    state: () => ({ permit_key_id: gate.key.keyId }),
    onStop: [{ name: 'database', run: () => db.destroy() }],
    logger,
    metrics,
  });
}
