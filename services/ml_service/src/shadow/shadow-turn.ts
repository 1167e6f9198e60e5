import type { Db } from '@aistock/database';
import type { Clock, Logger } from '@aistock/service-kit';
import type { Strategies } from '@aistock/strategy-schemas';
import { namedModels, type NamedModel, type RegistrySnapshot } from '../registry/snapshot.ts';
import { fallBack, type FallenBack } from './degradation/fall-back.ts';
import { judgePath } from './degradation/live-evidence.ts';
import { watchedEntries, type Watched } from './degradation/watched-entries.ts';
import { policyOf } from './policy-of.ts';
import type { LiveScores } from './scores/live-scores.ts';
import { pruneScores } from './scores/score-store.ts';
import { stepTrial } from './trials/step-trial.ts';
import { listOpenTrials, type TrialRow } from './trials/trial-store.ts';

/** In one turn; the others have theirs in the next ones. */
const MODELS_MAX = 200;
const TRIALS_MAX = 200;
/** Of the time that a trial has run: looks cost more as bars come, and each tells less. */
const LOOK_EVERY_SHARE = 0.005;

export interface ShadowContext {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly strategies: Strategies;
  readonly scores: LiveScores;
  /** How many models a place can be rolled back to. */
  readonly keep: number;
  readonly current: () => Promise<RegistrySnapshot>;
  readonly refresh: () => Promise<unknown>;
  /** Hears of bars that were put on record, and of what was decided. */
  readonly scored: (bars: number) => void;
  readonly decided: (decision: 'proved' | 'promoted' | 'withdrawn' | FallenBack) => void;
}

function isLookDue({ started_at: started, checked_at: checked }: TrialRow, at: Date): boolean {
  if (!checked) return true;
  return at.getTime() - checked.getTime() >= LOOK_EVERY_SHARE * (at.getTime() - started.getTime());
}

/** Holds models to the bars that came, a bounded number at a time, and does what follows from that. */
export class ShadowTurns {
  readonly #context: ShadowContext;
  /** Where the next turn goes on. */
  #place = 0;
  /** The change of an alias and the last bar that its model was judged by. */
  readonly #judged = new Map<string, string>();

  constructor(context: ShadowContext) {
    this.#context = context;
  }

  async run(): Promise<void> {
    const { db, clock, scores, current } = this.#context;
    const snapshot = await current();
    const models = namedModels(snapshot, ['champion', 'challenger', 'live'], 'regimes');
    const distinct = [...new Map(models.map((model) => [model.model_id, model])).values()];
    scores.keepOnly(distinct);
    const due = this.#next(distinct);
    for (const model of due) await this.#guard(model.stream, () => this.#score(model));
    await this.#stepTrials();
    const dueIds = new Set(due.map(({ model_id: modelId }) => modelId));
    for (const entry of watchedEntries(snapshot))
      if (dueIds.has(entry.model.model_id))
        await this.#guard(entry.stream, () => this.#watch(entry, snapshot));
    await pruneScores(db, clock.nowMs());
  }

  #next(models: readonly NamedModel[]): readonly NamedModel[] {
    if (models.length <= MODELS_MAX) return models;
    const from = this.#place % models.length;
    this.#place = from + MODELS_MAX;
    return [...models.slice(from), ...models.slice(0, from)].slice(0, MODELS_MAX);
  }

  async #score(model: NamedModel): Promise<void> {
    const { clock, scores, scored } = this.#context;
    scored(await scores.write(model, clock.nowMs()));
  }

  async #stepTrials(): Promise<void> {
    const { db, clock, strategies, refresh, decided, logger } = this.#context;
    for (const trial of await listOpenTrials(db, TRIALS_MAX))
      await this.#guard(trial.stream, async () => {
        const at = new Date(clock.nowMs());
        const policy = policyOf(strategies, trial.strategy);
        const type = await stepTrial(db, trial, { policy, at, look: isLookDue(trial, at) });
        if (type === undefined || type === 'go_on') return;
        const decision = type === 'prove' ? 'proved' : type === 'withdraw' ? 'withdrawn' : 'promoted';
        decided(decision);
        const { stream, strategy, model_id } = trial;
        logger.info('a challenger was decided on', { stream, strategy, model_id, decision });
        await refresh();
      });
  }

  async #watch(entry: Watched, snapshot: RegistrySnapshot): Promise<void> {
    const { db, clock, keep, scores, strategies, refresh, decided, logger } = this.#context;
    const nowMs = clock.nowMs();
    const champion = await scores.path(entry.model, nowMs);
    const { stream, strategy, alias, model, generation } = entry;
    const key = `${stream} ${strategy} ${alias}`;
    const newestMs = champion.live.at(-1)?.openMs ?? -Infinity;
    const judged = `${generation} ${newestMs}`;
    if (this.#judged.get(key) === judged) return;
    const policy = policyOf(strategies, strategy);
    const sinceMs = entry.changed_at.getTime();
    const verdict = judgePath(champion, sinceMs, policy);
    if (!verdict.degraded) return void this.#judged.set(key, judged);
    const left = await fallBack(
      { db, keep, path: (other) => scores.path(other, nowMs) },
      {
        entry,
        verdict,
        policy,
        at: new Date(nowMs),
        window: { champion, sinceMs },
        live: snapshot.entries.some(
          (other) =>
            other.alias === 'live' && other.stream === stream && other.strategy === strategy && other.model,
        ),
      },
    );
    this.#judged.set(key, judged);
    if (!left) return;
    decided(left);
    logger.warn('a model no longer fits the bars that come', {
      stream,
      strategy,
      model_id: model.model_id,
      left,
      reason: verdict.reason,
    });
    await refresh();
  }

  /** What one stream lacks, such as its data_ingester, holds no other one up. */
  async #guard(stream: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#context.logger.warn('models could not be held to the bars that came', { stream, error });
    }
  }
}
