import { ServiceError, type Handlers, type Metrics } from '@aistock/service-kit';
import type { riskGateApi } from '@aistock/shared';
import { limitsProblems } from '@aistock/trading/risk';
import { checkOrder, type Gate } from './check-order.ts';
import { kill, readKills, resume } from './kill-store.ts';
import { appendLimits, readAllLimits } from './limits-store.ts';

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
    kill: ({ body }) => db.transaction().execute((trx) => kill(trx, body)),
    resume: ({ body }) => db.transaction().execute((trx) => resume(trx, body)),
  };
}
