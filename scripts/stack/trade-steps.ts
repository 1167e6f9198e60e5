import { canonicalJson, type Limits, type ReplayTally } from '@aistock/shared';
import type { StreamState } from './bar-steps.ts';
import type { Clients } from './clients.ts';
import { PAPER_ACCOUNT, PAPER_TERMS, paperLimits, type StreamPlan } from './pipeline-plan.ts';
import type { Progress } from './progress.ts';
import { reconcile } from './reconcile.ts';

const BY = { by: 'start', reason: 'paper session of the start pipeline' } as const;
export async function openAccount(
  clients: Clients,
  streams: readonly StreamState[],
  strategy: string,
  progress: Progress,
): Promise<void> {
  await progress.step('setting limits, opening the paper account', async (note) => {
    const limits = paperLimits(streams, strategy);
    const version = await setLimits(clients, limits);
    const account = await clients.executor.openPaperAccount({ body: PAPER_TERMS });
    await reconcile(clients.executor);
    note(`limits version ${version}, equity ${account.equity ?? 'unknown'} ${account.currency}`);
  });
}

/** Limits that are in force already are left alone: each setting is a new version on the record. */
async function setLimits(clients: Clients, limits: Limits): Promise<number> {
  const { accounts } = await clients.gate.limits();
  const inForce = accounts.find((account) => account.limits.account === limits.account);
  if (inForce && canonicalJson(inForce.limits) === canonicalJson(limits)) return inForce.version;
  return (await clients.gate.setLimits({ body: { ...BY, limits } })).version;
}

/** Bars of one call of /session: a session goes on where the account stands, so a long stretch is traded in parts. */
const SESSION_BARS = 500;

/** Trades a stream's bars from where its training ended, or the account stands, to its end. */
export async function trade(
  clients: Clients,
  plan: StreamPlan,
  strategy: string,
  progress: Progress,
): Promise<ReplayTally[]> {
  return progress.step(`trading ${plan.stream} on paper with ${strategy}`, async (note) => {
    const parts: ReplayTally[] = [];
    const sum = (key: 'bars' | 'intents' | 'filled' | 'outcomes') =>
      parts.reduce((total, part) => total + part[key], 0);
    for (let toMs = plan.trainUntilMs; toMs < plan.endMs;) {
      toMs = Math.min(plan.endMs, toMs + SESSION_BARS * plan.barMs);
      const body = {
        strategy,
        stream: plan.stream,
        account: PAPER_ACCOUNT,
        from_ms: plan.trainUntilMs,
        to_ms: toMs,
      };
      const part = await clients.engine.session({ body });
      if (part.mode !== 'replay') throw new Error('the engine did not replay');
      parts.push(part);
      note(
        `${sum('bars')} bars, ${sum('intents')} orders, ${sum('filled')} filled, ${sum('outcomes')} outcomes learned`,
      );
    }
    return parts;
  });
}
