import type { Db } from '@aistock/database';
import type { Place } from './aliases.ts';
import type { ChampionStep } from './rollback-targets.ts';

/** What came earlier is nothing to go back to. */
const STEPS_MAX = 1_000;

/** The last changes of a place's champion, in order of time. */
export async function readSteps(db: Db, { stream, strategy, kind }: Place): Promise<ChampionStep[]> {
  const newest = await db
    .selectFrom('ml.promotion')
    .select(['change', 'model_id'])
    .where('stream', '=', stream)
    .where('strategy', '=', strategy)
    .where('kind', '=', kind)
    .where('alias', '=', 'champion')
    .orderBy('generation', 'desc')
    .limit(STEPS_MAX)
    .execute();
  return newest.toReversed();
}
