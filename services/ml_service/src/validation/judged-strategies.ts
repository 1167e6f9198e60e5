import type { Db } from '@aistock/database';
import type { ModelTrials } from '@aistock/promotion';
import { findAlias } from '../registry/aliases.ts';
import type { TrainingContext } from '../training/training-context.ts';
import { TrainingProblem } from '../training/training-problem.ts';
import type { JudgedStrategy } from './judged-strategy.ts';
import { storedChampion } from './stored-champion.ts';

interface Asked {
  readonly stream: string;
  readonly strategies: readonly string[];
  readonly nowMs: number;
}

/**
 * What a thread has to know to judge a model for the strategies that were asked for, and for those that a champion of their
 * own answers on the stream: it would expire without anybody to come after it.
 * @throws TrainingProblem `strategy_unknown` for a name without a file, `stream_unknown` where data_ingester does not know the
 * stream any more.
 */
export async function judgedStrategies(
  context: Pick<TrainingContext, 'db' | 'ingester' | 'strategies'>,
  { stream, strategies, nowMs }: Asked,
): Promise<JudgedStrategy[]> {
  const { db, ingester } = context;
  const served = (await servedStrategies(db, stream)).filter((strategy) => context.strategies.has(strategy));
  const names = [...new Set([...strategies, ...served])];
  if (names.length === 0) return [];
  const { streams } = await ingester.streams();
  const known = streams.find((each) => each.stream === stream);
  if (!known) throw new TrainingProblem('stream_unknown', `data_ingester does not know ${stream}`);
  return Promise.all(
    names.map(async (strategy): Promise<JudgedStrategy> => {
      const loaded = context.strategies.get(strategy);
      if (!loaded) throw new TrainingProblem('strategy_unknown', `there is no strategy ${strategy}`);
      const { schema, promotion } = loaded;
      const alias = await findAlias(db, { stream, strategy, kind: 'regime' }, 'champion');
      return {
        strategy,
        policy: promotion,
        presets: Object.fromEntries(
          Object.entries(schema.presets).map(([name, { params }]) => [name, params]),
        ),
        conservative: schema.conservative,
        tried: await modelTrials(db, stream, strategy),
        calendar: known.calendar,
        alias,
        champion: await storedChampion(db, alias, nowMs),
      };
    }),
  );
}

async function servedStrategies(db: Db, stream: string): Promise<string[]> {
  const rows = await db
    .selectFrom('ml.alias')
    .select('strategy')
    .where('stream', '=', stream)
    .where('kind', '=', 'regime')
    .where('alias', '=', 'champion')
    .where('strategy', '!=', '*')
    .orderBy('strategy')
    .execute();
  return rows.map(({ strategy }) => strategy);
}

/** Every model of the stream is a trial, whichever strategy it was for: its figures could have been chosen. */
async function modelTrials(db: Db, stream: string, strategy: string): Promise<ModelTrials> {
  const rows = await db
    .selectFrom('ml.model')
    .leftJoin('ml.judgement', (join) =>
      join
        .onRef('ml.judgement.model_id', '=', 'ml.model.model_id')
        .on('ml.judgement.strategy', '=', strategy),
    )
    .select('ml.judgement.sharpe')
    .where('ml.model.stream', '=', stream)
    .where('ml.model.kind', '=', 'regime')
    .execute();
  return {
    models: rows.length + 1,
    sharpesAnnual: rows.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe])),
  };
}
