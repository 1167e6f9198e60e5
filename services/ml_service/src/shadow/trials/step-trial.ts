import type { Db, Trx } from '@aistock/database';
import { judgeShadow, type PromotionPolicy, type ShadowVerdict } from '@aistock/promotion';
import { emitEvent } from '@aistock/service-kit';
import { AliasChanged, changeAlias, findAlias, lockPlace, type FoundAlias } from '../../registry/aliases.ts';
import { isApproved } from '../../registry/approvals.ts';
import { promote } from '../../registry/champion.ts';
import { findModel } from '../../registry/models.ts';
import { readPairs } from '../scores/score-store.ts';
import { decideTrial, type TrialStep } from './decide-trial.ts';
import { moveTrial, noteVerdict, type TrialRow } from './trial-store.ts';

const DAY_MS = 86_400_000;
const DECIDED_BY = 'ml_service';

interface Aliases {
  readonly champion: FoundAlias | undefined;
  readonly challenger: FoundAlias | undefined;
  readonly live: boolean;
}

/** Of a trial that nobody has looked at now. */
const NOT_LOOKED: ShadowVerdict = { outcome: 'undecided', bars: 0, difference: null, gates: [], reason: '' };

/**
 * Looks at what both models said where that is due, and takes the next step of a trial.
 * @returns undefined where another replica was first.
 */
export async function stepTrial(
  db: Db,
  trial: TrialRow,
  { policy, at, look }: { readonly policy: PromotionPolicy; readonly at: Date; readonly look: boolean },
): Promise<TrialStep['type'] | undefined> {
  const verdict = look && trial.status === 'running' ? await judgeTrial(db, trial, policy, at) : NOT_LOOKED;
  try {
    return await db.transaction().execute((trx) => act(trx, trial, verdict, at));
  } catch (error) {
    if (error instanceof AliasChanged) return undefined;
    throw error;
  }
}

async function judgeTrial(
  db: Db,
  trial: TrialRow,
  policy: PromotionPolicy,
  at: Date,
): Promise<ShadowVerdict> {
  const daysRun = (at.getTime() - trial.started_at.getTime()) / DAY_MS;
  const verdict = judgeShadow({ ...(await readPairs(db, trial)), days: trial.days, daysRun }, policy);
  await noteVerdict(db, trial, verdict, at);
  return verdict;
}

/** Decides by what the aliases are, and changes them, in one transaction. */
async function act(
  trx: Trx,
  trial: TrialRow,
  verdict: ShadowVerdict,
  at: Date,
): Promise<TrialStep['type'] | undefined> {
  await lockPlace(trx, trial);
  const aliases = await readAliases(trx, trial);
  const model = await findModel(trx, trial.model_id);
  const step = decideTrial({
    modelId: trial.model_id,
    championId: trial.champion_id,
    status: trial.status,
    championNow: aliases.champion?.model_id ?? null,
    challengerNow: aliases.challenger?.model_id ?? null,
    expired: !model || model.expires_at.getTime() <= at.getTime(),
    live: aliases.live,
    approved: await isApproved(trx, trial.model_id, trial.strategy),
    verdict,
  });
  const { type, reason } = step;
  if (type === 'go_on') return type;
  const status = type === 'prove' ? 'proved' : type === 'withdraw' ? 'withdrawn' : 'promoted';
  if (!(await moveTrial(trx, trial, { status, reason, at }))) return undefined;
  if (type !== 'prove') await leaveChallenger(trx, trial, aliases, { reason, at });
  if (type === 'promote') {
    const { stream, strategy, kind, model_id: modelId } = trial;
    const next = { modelId, previous: aliases.champion, gates: verdict.gates, by: DECIDED_BY, reason, at };
    await promote(trx, { stream, strategy, kind }, next);
  }
  await tell(trx, trial, verdict, step);
  return type;
}

async function readAliases(trx: Trx, trial: TrialRow): Promise<Aliases> {
  const champion = await findAlias(trx, trial, 'champion');
  const challenger = await findAlias(trx, trial, 'challenger');
  const live = await findAlias(trx, trial, 'live');
  return { champion, challenger, live: (live?.model_id ?? null) !== null };
}

async function leaveChallenger(
  trx: Trx,
  trial: TrialRow,
  { challenger }: Aliases,
  { reason, at }: { readonly reason: string; readonly at: Date },
): Promise<void> {
  if (challenger?.model_id !== trial.model_id) return;
  await changeAlias(trx, trial, {
    alias: 'challenger',
    modelId: null,
    previous: challenger,
    change: 'withdrawn',
    by: DECIDED_BY,
    reason,
    at,
  });
}

/** A promotion tells of itself. */
async function tell(
  trx: Trx,
  trial: TrialRow,
  verdict: ShadowVerdict,
  { type, reason }: TrialStep,
): Promise<void> {
  const { trial_id, stream, strategy, kind, model_id, champion_id } = trial;
  const { bars, difference, gates } = verdict;
  const payload = {
    trial_id,
    stream,
    strategy,
    kind,
    model_id,
    champion_id,
    reason,
    bars,
    difference: difference && { ...difference },
    gates: gates.map((gate) => ({ ...gate })),
  };
  if (type === 'withdraw') await emitEvent(trx, { kind: 'model.withdrawn', subject: model_id, payload });
  if (type === 'prove')
    await emitEvent(trx, {
      kind: 'alert.raised',
      subject: model_id,
      payload: { alert: 'challenger_awaits_sign_off', ...payload },
    });
}
