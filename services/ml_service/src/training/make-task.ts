import { findWatermark, type LedgerFileRow } from '@aistock/ledger';
import { algorithmNamed } from '@aistock/models';
import { PromotionPolicy } from '@aistock/promotion';
import { findAlias, type FoundAlias } from '../registry/aliases.ts';
import type { ModelRow } from '../registry/models.ts';
import { judgedStrategies } from '../validation/judged-strategies.ts';
import { storedChampion } from '../validation/stored-champion.ts';
import { findLineModel } from './find-line-model.ts';
import type { RunClaim } from './runs/run-claims.ts';
import type { TrainingContext } from './training-context.ts';
import { TrainingProblem } from './training-problem.ts';
import type { TrainingTask, WantedBars } from './thread/training-task.ts';

export interface MadeTask {
  readonly task: TrainingTask;
  /** The champion that the challenger is measured against. */
  readonly champion: FoundAlias | undefined;
}

/** What a thread has to know to train a run on its files, or on a window. */
export async function makeTask(
  context: TrainingContext,
  claim: RunClaim,
  { files, quality }: { readonly files: readonly LedgerFileRow[]; readonly quality: TrainingTask['quality'] },
): Promise<MadeTask> {
  const { db, config, clock, places } = context;
  const { stream, terms, seed, exactlyOnce } = claim;
  const nowMs = clock.nowMs();
  const { kind } = algorithmNamed(terms.algorithm);
  const champion = await findAlias(db, { stream, strategy: '*', kind }, 'champion');
  const line = exactlyOnce ? await findLineModel(db, stream) : undefined;
  const task: TrainingTask = {
    places,
    stream,
    wanted: await wantedBars(context, claim, { files, asOfMs: nowMs }),
    terms,
    seed,
    line: line?.carried ? { ...storedModel(line), carried: line.carried } : null,
    champion: await storedChampion(db, champion, nowMs),
    quality,
    policy: PromotionPolicy.parse({
      model: { bars_min: config.TRAIN_BARS_MIN, margin_nats: config.PROMOTION_MARGIN },
    }),
    strategies:
      kind === 'regime'
        ? await judgedStrategies(context, { stream, strategies: terms.strategies, nowMs })
        : [],
  };
  return { task, champion };
}

/** @throws TrainingProblem `not_enough_bars` where a stream has no bar at all. */
async function wantedBars(
  { db }: TrainingContext,
  { stream, terms, exactlyOnce }: RunClaim,
  { files, asOfMs }: { readonly files: readonly LedgerFileRow[]; readonly asOfMs: number },
): Promise<WantedBars> {
  if (exactlyOnce) return { type: 'files', files, asOfMs };
  // Not with the files that were claimed: those of a backfill lie years before what the model is to answer about.
  const lastOpenMs = await findWatermark(db, stream);
  if (lastOpenMs === null) throw new TrainingProblem('not_enough_bars', `${stream} has no bars`);
  return { type: 'window', lastOpenMs, barsMax: terms.window_bars_max, asOfMs };
}

function storedModel({ artefact, sha256, features }: ModelRow) {
  return { artefact, sha256, features };
}
