import { randomInt } from 'node:crypto';
import {
  createMetrics,
  createService,
  databaseCheck,
  openServiceDatabase,
  systemClock,
} from '@aistock/service-kit';
import type { Clock, Env, Handlers, Service } from '@aistock/service-kit';
import { paramControllerApi } from '@aistock/shared';
import { loadParamControllerConfig } from './config.ts';
import { decideParams, type DecideParts } from './decide-params.ts';
import { getDecision } from './get-decision.ts';
import { learnOutcome } from './learn-outcome.ts';
import { loadStrategies, type Strategies } from '@aistock/strategy-schemas';
import { registerPreset } from './register-preset.ts';
import { setMode } from './set-mode.ts';

export interface Overrides {
  readonly clock?: Clock;
  /** A random number from [0, 1) for each decision. */
  readonly chance?: () => number;
}

/** As many values as `randomInt` has. */
const CHANCE_STEPS = 2 ** 47;
const systemChance = (): number => randomInt(CHANCE_STEPS) / CHANCE_STEPS;

/** Puts param_controller together; it answers once it listens. */
export async function createApp(env: Env, overrides: Overrides = {}): Promise<Service> {
  const config = loadParamControllerConfig(env);
  const strategies = await loadStrategies(config.STRATEGY_SCHEMAS_DIR);
  const db = openServiceDatabase(config);
  const metrics = createMetrics('param_controller');
  const parts: DecideParts = {
    db,
    known: { strategies, instruments: config.INSTRUMENTS },
    modeDefault: config.DEFAULT_MODE,
    clock: overrides.clock ?? systemClock,
    chance: overrides.chance ?? systemChance,
  };
  return createService({
    name: 'param_controller',
    api: paramControllerApi,
    config,
    handlers: createHandlers(parts, metrics),
    checks: [databaseCheck(db)],
    state: () => describe(strategies),
    onStop: [{ name: 'database', run: () => db.destroy() }],
    metrics,
    clock: parts.clock,
  });
}

function createHandlers(
  parts: DecideParts,
  metrics: ReturnType<typeof createMetrics>,
): Handlers<typeof paramControllerApi> {
  const decisions = metrics.counter({
    name: 'param_decisions_total',
    help: 'Decisions by mode, and whether the conservative preset was given without a choice.',
    labels: ['mode', 'fallback'],
  });
  const outcomes = metrics.counter({ name: 'param_outcomes_total', help: 'Outcomes that were learned.' });
  return {
    param: async (request) => {
      const decision = await decideParams(parts, request);
      decisions.inc({ mode: decision.mode, fallback: decision.fallback === null ? 'no' : 'yes' });
      return decision;
    },
    learnOutcome: async (request) => {
      const answer = await learnOutcome(parts, request);
      if (answer.learned) outcomes.inc();
      return answer;
    },
    registerPreset: (request) => registerPreset(parts, request),
    decision: ({ params }) => getDecision(parts.db, params.config_id),
    setMode: (request) => setMode(parts, request),
  };
}

function describe(strategies: Strategies): Record<string, unknown> {
  return { strategies: Object.fromEntries([...strategies].map(([name, { sha256 }]) => [name, sha256])) };
}
