import { baseEnv, ConfigError, envInt, envPeer, loadConfig, type Env } from '@aistock/service-kit';
import { z } from 'zod';
import { FAULT_POINTS, type Fault } from './fault-point.ts';

const configSchema = z.object({
  ...baseEnv,
  RISK_GATE_URL: envPeer('risk_gate'),
  DATA_INGESTER_URL: envPeer('data_ingester'),
  /** How long risk_gate may take for a verdict, in ms; without one the order is denied. */
  GATE_TIMEOUT_MS: envInt(1, 10_000).default(1_000),
  /** How long the broker may take to answer an order, in ms; without an answer its outcome is unknown. */
  SEND_TIMEOUT_MS: envInt(1, 60_000).default(5_000),
  /** How long the broker may take to end an order that is cancelled, in ms; then its outcome is unknown. */
  CANCEL_TIMEOUT_MS: envInt(1, 60_000).default(5_000),
  /** How often it is looked for kills whose orders still work, in ms. */
  KILL_WATCH_INTERVAL_MS: envInt(10, 60_000).default(250),
  /** How long after a kill an order in its scope that increases risk may work before /health tells of it, in ms. */
  KILL_CANCEL_MS_MAX: envInt(1, 600_000).default(5_000),
  /** An intent older than this is never sent, in ms. */
  INTENT_TTL_MS: envInt(1, 3_600_000).default(60_000),
  /** How long after send_started, or after the answer was given up, the venue may still come to know an order, in ms. */
  QUIESCENCE_MS: envInt(0, 600_000).default(2_000),
  RECONCILE_INTERVAL_MS: envInt(10, 3_600_000).default(30_000),
  /** For tests only: kills the process at this point. Needs AISTOCK_FAULTS=1. */
  FAULT_POINT: z.enum(FAULT_POINTS).optional(),
  /** Which time of coming there the fault is for, counted from 1. */
  FAULT_AT_ORDER: envInt(1, 1_000_000).default(1),
  AISTOCK_FAULTS: z.literal('1').optional(),
});

export type ExecutorConfig = Readonly<z.output<typeof configSchema>> & { readonly fault: Fault | undefined };

export function loadExecutorConfig(env: Env): ExecutorConfig {
  const config = loadConfig(configSchema, env);
  if (config.FAULT_POINT === undefined) return { ...config, fault: undefined };
  if (config.AISTOCK_FAULTS === undefined) {
    throw new ConfigError(['FAULT_POINT: is for tests only and needs AISTOCK_FAULTS=1; leave it unset']);
  }
  return { ...config, fault: { point: config.FAULT_POINT, atOrder: config.FAULT_AT_ORDER } };
}
