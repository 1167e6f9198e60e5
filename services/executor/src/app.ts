import type { Db } from '@aistock/database';
import {
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  openServiceDatabase,
  peerCheck,
  serviceClient,
  systemClock,
  type Check,
  type Env,
  type Logger,
  type Metrics,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi, executorApi, riskGateApi } from '@aistock/shared';
import { AccountTurns } from './account-turns.ts';
import type { Broker } from './broker.ts';
import { loadExecutorConfig, type ExecutorConfig } from './config.ts';
import { faultPoint } from './fault-point.ts';
import { createHandlers } from './handlers.ts';
import { KillWatch } from './orders/kill-watch.ts';
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
  const metrics = createMetrics('executor');
  const paper = new PaperBroker(db);
  const broker = overrides.broker?.(paper) ?? paper;
  const ingester = serviceClient(dataIngesterApi, {
    url: config.DATA_INGESTER_URL,
    token: config.AUTH_TOKEN_SERVICE,
  });
  const turns = new AccountTurns();
  const { placer, reconciler, gate } = createDesk({ config, db, broker, turns, logger, metrics });
  const venue = new PaperVenue(db, ingester, faultPoint(config.fault));
  const { CANCEL_TIMEOUT_MS: cancelTimeoutMs } = config;
  const desk = { db, broker, turns, placer, reconciler, logger, cancelTimeoutMs };
  const kills = new KillWatch({
    ...desk,
    intervalMs: config.KILL_WATCH_INTERVAL_MS,
    boundMs: config.KILL_CANCEL_MS_MAX,
  });
  await reconciler.start();
  kills.start();
  return createService({
    name: 'executor',
    api: executorApi,
    config,
    handlers: createHandlers({ ...desk, gate, venue, metrics, clock: systemClock }),
    checks: [
      databaseCheck(db),
      reconciliationCheck(reconciler),
      killCheck(kills),
      peerCheck('risk_gate', config.RISK_GATE_URL),
      peerCheck('data_ingester', config.DATA_INGESTER_URL),
    ],
    state: () => ({ reconciled: reconciler.allGreen, fault: config.fault ?? null }),
    onStop: [
      { name: 'kills', run: () => kills.stop() },
      { name: 'reconciliation', run: () => reconciler.stop() },
      { name: 'database', run: () => db.destroy() },
    ],
    logger,
    metrics,
  });
}

interface DeskParts {
  readonly config: ExecutorConfig;
  readonly db: Db;
  readonly broker: Broker;
  readonly turns: AccountTurns;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What sends orders and what compares the books: each asks the other what it is doing. */
function createDesk({ config, db, broker, turns, logger, metrics }: DeskParts) {
  const { INTENT_TTL_MS: intentTtlMs, QUIESCENCE_MS: quiescenceMs } = config;
  const reconciled = metrics.gauge({
    name: 'executor_reconciled',
    help: '1 where the books of every account agree with the venue, 0 where no order may leave.',
  });
  const reconciler: Reconciler = new Reconciler(
    {
      db,
      broker,
      rules: { quiescenceMs, intentTtlMs },
      logger,
      turns,
      intervalMs: config.RECONCILE_INTERVAL_MS,
      onGreen: (green) => reconciled.set(Number(green)),
    },
    () => placer,
  );
  const onTrouble = (account: string): void => reconciler.nudge(account);
  const sender = new OrderSender({
    db,
    broker,
    logger,
    fault: faultPoint(config.fault),
    sendTimeoutMs: config.SEND_TIMEOUT_MS,
    onTrouble,
  });
  const gate = serviceClient(riskGateApi, {
    url: config.RISK_GATE_URL,
    token: config.AUTH_TOKEN_SERVICE,
    timeoutMs: config.GATE_TIMEOUT_MS,
  });
  const rules = { intentTtlMs, isGreen: (account: string) => reconciler.isGreen(account) };
  const placer = new OrderPlacer({ db, gate, sender, logger, rules, onTrouble });
  return { placer, reconciler, gate };
}

function killCheck(kills: KillWatch): Check {
  return {
    name: 'kills',
    required: false,
    run: async () => {
      const overdue = await kills.overdue();
      return overdue.length === 0
        ? undefined
        : `a kill has not ended these orders yet: ${overdue.join(', ')}`;
    },
  };
}

function reconciliationCheck(reconciler: Reconciler): Check {
  return {
    name: 'reconciliation',
    required: false,
    run: () =>
      Promise.resolve(reconciler.allGreen ? undefined : 'books differ from the venue, no order leaves there'),
  };
}
