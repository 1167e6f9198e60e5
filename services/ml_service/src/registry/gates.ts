import type { Db, JudgementTable, Trx } from '@aistock/database';
import type { Gate } from '@aistock/shared';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { ModelSummary } from './models.ts';

export type GateResult = z.output<typeof Gate>;
export type JudgementRow = Selectable<JudgementTable>;

export interface Judgement {
  readonly modelId: string;
  readonly strategy: string;
  readonly gates: readonly GateResult[];
  readonly passed: boolean;
  /** A year, of the strategy with the model; null where it is not defined. */
  readonly sharpe: number | null;
  readonly at: Date;
}

/** Notes what came of a model's gates for a strategy, once and for good. */
export async function recordJudgement(trx: Trx, judgement: Judgement): Promise<void> {
  const { modelId, strategy, gates, passed, sharpe, at } = judgement;
  const row = { model_id: modelId, strategy, gates: JSON.stringify(gates), passed, sharpe, judged_at: at };
  await trx.insertInto('ml.judgement').values(row).execute();
}

export async function listJudgements(db: Db, modelId: string): Promise<JudgementRow[]> {
  return db
    .selectFrom('ml.judgement')
    .selectAll()
    .where('model_id', '=', modelId)
    .orderBy('strategy')
    .execute();
}

/**
 * Why a model may not answer for a strategy: names of the gates that it did not pass, its own first; `not_judged` where
 * nobody has measured it for the strategy. Empty where it may.
 */
export async function missingGates(db: Db, model: ModelSummary, strategy: string): Promise<string[]> {
  const own = namesOfFailed(model.gates);
  if (!model.gates_passed && own.length === 0) own.push('not_judged');
  if (strategy === '*') return own;
  const judgement = (await listJudgements(db, model.model_id)).find((each) => each.strategy === strategy);
  if (!judgement) return [...own, 'not_judged'];
  const failed = namesOfFailed(judgement.gates);
  return [...own, ...(judgement.passed || failed.length > 0 ? failed : ['not_judged'])];
}

function namesOfFailed(gates: readonly GateResult[]): string[] {
  return gates.filter(({ pass }) => !pass).map(({ name }) => name);
}
