import {
  createLogger,
  createService,
  databaseCheck,
  openServiceDatabase,
  peerCheck,
  serviceClient,
  type Check,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi, executorApi, riskGateApi } from '@aistock/shared';
import { AccountTurns } from './account-turns.ts';
import type { Broker } from './broker.ts';
import { loadExecutorConfig } from './config.ts';
import { faultPoint } from './fault-point.ts';
import { createHandlers } from './handlers.ts';
import { OrderPlacer } from './orders/place-order.ts';
import { OrderSender } from './orders/send-order.ts';
import { PaperBroker } from './paper/paper-broker.ts';
import { PaperVenue } from './paper/paper-venue.ts';
import { Reconciler } from './reconcile/reconciler.ts';

export interface Overrides {
  /** Takes the paper broker's place; given the paper broker so that it can stand in front of it. */
  readonly broker?: (paper: Broker) => Broker;
}

/** Puts the executor together and compares its books with the venue's once; it answers once it listens. */
export async function createApp(env: Env, overrides: Overrides = {}): Promise<Service> {
  const config = loadExecutorConfig(env);
  const db = openServiceDatabase(config);
  const logger = createLogger({ service: 'executor', level: config.LOG_LEVEL });
  const token = config.AUTH_TOKEN_SERVICE;
  const gate = serviceClient(riskGateApi, {
    url: config.RISK_GATE_URL,
    token,
    timeoutMs: config.GATE_TIMEOUT_MS,
  });
  const ingester = serviceClient(dataIngesterApi, { url: config.DATA_INGESTER_URL, token });
  const paper = new PaperBroker(db);
  const broker = overrides.broker?.(paper) ?? paper;
  const turns = new AccountTurns();
  const intentTtlMs = config.INTENT_TTL_MS;
  const rules = { quiescenceMs: config.QUIESCENCE_MS, intentTtlMs };
  const reconciler: Reconciler = new Reconciler(
    { db, broker, rules, logger, turns, intervalMs: config.RECONCILE_INTERVAL_MS },
    () => placer,
  );
  const onTrouble = (): void => reconciler.nudge();
  const fault = faultPoint(config.fault);
  const sender = new OrderSender({
    db,
    broker,
    logger,
    fault,
    sendTimeoutMs: config.SEND_TIMEOUT_MS,
    onTrouble,
  });
  const isGreen = (account: string): boolean => reconciler.isGreen(account);
  const placer = new OrderPlacer({ db, gate, sender, logger, intentTtlMs, isGreen, onTrouble });
  await reconciler.start();
  return createService({
    name: 'executor',
    api: executorApi,
    config,
    handlers: createHandlers({
      db,
      broker,
      venue: new PaperVenue(db, ingester),
      placer,
      reconciler,
      turns,
    }),
    checks: [
      databaseCheck(db),
      reconciliationCheck(reconciler),
      peerCheck('risk_gate', config.RISK_GATE_URL),
      peerCheck('data_ingester', config.DATA_INGESTER_URL),
    ],
    state: () => ({ reconciled: reconciler.allGreen, fault: config.fault ?? null }),
    onStop: [
      { name: 'reconciliation', run: () => reconciler.stop() },
      { name: 'database', run: () => db.destroy() },
    ],
    logger,
  });
}

function reconciliationCheck(reconciler: Reconciler): Check {
  return {
    name: 'reconciliation',
    required: false,
    run: () =>
      Promise.resolve(reconciler.allGreen ? undefined : 'books differ from the venue, no order leaves there'),
  };
}
