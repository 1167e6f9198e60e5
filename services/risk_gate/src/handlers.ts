import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError, type Handlers, type Metrics } from '@aistock/service-kit';
import type { riskGateApi } from '@aistock/shared';
import { SEND_DELAY_MS_MAX } from '@aistock/trading/orders';
import { limitsProblems } from '@aistock/trading/risk';
import { checkOrder, type Gate } from './check-order.ts';
import { kill, readKills, resume } from './kill-store.ts';
import { appendLimits, readAllLimits } from './limits-store.ts';

/** For the time between a sender's look at its clock and the first byte, and for a timer that rings early. */
const SEND_SLACK_MS = 50;

export function createHandlers(gate: Gate, metrics: Metrics): Handlers<typeof riskGateApi> {
  const { db } = gate;
  const verdicts = metrics.counter({
    name: 'risk_verdicts_total',
    help: 'Orders checked, by verdict.',
    labels: ['verdict'],
  });
  const reasons = metrics.counter({
    name: 'risk_denials_total',
    help: 'Reasons against orders, by code; an order may have several.',
    labels: ['code'],
  });
  return {
    check: async ({ body }) => {
      const verdict = await checkOrder(gate, body);
      verdicts.inc({ verdict: verdict.verdict });
      if (verdict.verdict === 'denied') for (const { code } of verdict.denials) reasons.inc({ code });
      return verdict;
    },
    limits: async () => ({ accounts: await readAllLimits(db) }),
    setLimits: async ({ body }) => {
      const fields = limitsProblems(body.limits).map((problem) => ({
        ...problem,
        field: `body.limits.${problem.field}`,
      }));
      const [first] = fields;
      if (first)
        throw new ServiceError('invalid_request', 400, `${first.field} ${first.message}`, { fields });
      const answer = await db.transaction().execute((trx) => appendLimits(trx, body));
      await gate.prices.warmUp();
      return answer;
    },
    kills: () => readKills(db),
    kill: async ({ body }) => {
      const killed = await db.transaction().execute((trx) => kill(trx, body));
      // In force from the commit on. What wrote send_started before it leaves in this time or never.
      await delay(SEND_DELAY_MS_MAX + SEND_SLACK_MS);
      return killed;
    },
    resume: ({ body }) => db.transaction().execute((trx) => resume(trx, body)),
  };
}
