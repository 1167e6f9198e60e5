import { CallError } from '@aistock/shared';
import type { Clock } from './clock.ts';

const CHECK_TIMEOUT_MS = 1_000;
const CHECK_CACHE_MS = 1_000;

/** Something that a service needs, or would like to have. */
export interface Check {
  readonly name: string;
  /** Without it the service is unhealthy and not ready; otherwise it is degraded. */
  readonly required: boolean;
  /** Throws where it does not hold. A text that it answers says why it only half holds. */
  readonly run: () => Promise<string | void>;
}

export interface CheckResult {
  readonly name: string;
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly detail?: string;
}

export interface Health {
  readonly status: CheckResult['status'];
  readonly checks: CheckResult[];
}

/** Runs the checks, each within 1 s, at most once a second however often it is asked. */
export function createHealth(checks: readonly Check[], clock: Clock): () => Promise<Health> {
  let last: { readonly atMs: number; readonly health: Promise<Health> } | undefined;
  return () => {
    const nowMs = clock.nowMs();
    if (last === undefined || nowMs - last.atMs >= CHECK_CACHE_MS)
      last = { atMs: nowMs, health: Promise.all(checks.map(runCheck)).then(summarise) };
    return last.health;
  };
}

function summarise(checks: CheckResult[]): Health {
  const has = (status: CheckResult['status']) => checks.some((check) => check.status === status);
  return { status: has('unhealthy') ? 'unhealthy' : has('degraded') ? 'degraded' : 'healthy', checks };
}

async function runCheck({ name, required, run }: Check): Promise<CheckResult> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new CheckTimeout()), CHECK_TIMEOUT_MS);
  try {
    const detail = await Promise.race([run(), late]);
    return detail === undefined ? { name, status: 'healthy' } : { name, status: 'degraded', detail };
  } catch (error) {
    return { name, status: required ? 'unhealthy' : 'degraded', detail: tell(error) };
  } finally {
    clearTimeout(timer);
  }
}

class CheckTimeout extends Error {}

/** Anybody may ask for the health, so it tells the kind of a failure and no addresses. */
function tell(error: unknown): string {
  if (error instanceof CheckTimeout) return `no answer within ${CHECK_TIMEOUT_MS} ms`;
  if (error instanceof CallError) return 'does not answer';
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `failed (${code})` : 'failed';
}
