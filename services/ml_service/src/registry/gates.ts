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

/** What keeps a model from answering; nothing where no gate failed and it was judged. */
interface MissingGates {
  /** Names of gates that it did not pass, its own first. */
  readonly failed: readonly string[];
  /** Whether its own gates, and those for the strategy, were ever asked. */
  readonly isJudged: boolean;
}

/** Why a model may not answer for a strategy. */
export async function missingGates(db: Db, model: ModelSummary, strategy: string): Promise<MissingGates> {
  const own = verdictOf(model.gates, model.gates_passed);
  if (strategy === '*') return own;
  const judgement = (await listJudgements(db, model.model_id)).find((each) => each.strategy === strategy);
  const asked = verdictOf(judgement?.gates ?? [], judgement?.passed ?? false);
  return {
    failed: [...new Set([...own.failed, ...asked.failed])],
    isJudged: own.isJudged && asked.isJudged,
  };
}

/** Gates of before may be lost, and only what came of them be known. */
function verdictOf(gates: readonly GateResult[], passed: boolean): MissingGates {
  const failed = namesOfFailed(gates);
  return { failed, isJudged: passed || failed.length > 0 };
}

function namesOfFailed(gates: readonly GateResult[]): string[] {
  return gates.filter(({ pass }) => !pass).map(({ name }) => name);
}
