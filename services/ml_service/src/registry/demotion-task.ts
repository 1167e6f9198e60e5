import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import type { Clock, Logger } from '@aistock/service-kit';
import { AliasChanged } from './aliases.ts';
import { demote } from './champion.ts';
import type { AliasEntry, RegistrySnapshot } from './snapshot.ts';

const DEMOTED_BY = 'ml_service';

/** Champions whose model has expired by then. */
function expiredChampions({ entries }: RegistrySnapshot, nowMs: number): AliasEntry[] {
  return entries.filter(
    ({ alias, model }) => alias === 'champion' && model !== null && model.expires_at.getTime() <= nowMs,
  );
}

export interface DemotionContext {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly everyMs: number;
  readonly current: () => Promise<RegistrySnapshot>;
  readonly refresh: () => Promise<unknown>;
}

/** Demotes every champion that has expired; of several processes that see one, one does it. Answers how many it did. */
async function demoteExpired(context: DemotionContext): Promise<number> {
  const { clock, current, refresh, logger } = context;
  let demoted = 0;
  for (const entry of expiredChampions(await current(), clock.nowMs())) {
    try {
      await demoteEntry(context, entry);
      demoted++;
      const { stream, strategy, kind } = entry;
      logger.warn('an expired model was demoted', {
        stream,
        strategy,
        kind,
        model_id: entry.model?.model_id,
      });
    } catch (error) {
      if (!(error instanceof AliasChanged)) throw error;
    }
  }
  if (demoted > 0) await refresh();
  return demoted;
}

async function demoteEntry({ db, clock }: DemotionContext, entry: AliasEntry): Promise<void> {
  const { stream, strategy, kind, generation, model } = entry;
  const reason = `it expired ${model?.expires_at.toISOString()}`;
  const previous = { model_id: model?.model_id ?? null, generation };
  await db
    .transaction()
    .execute((trx) =>
      demote(
        trx,
        { stream, strategy, kind },
        { previous, by: DEMOTED_BY, reason, at: new Date(clock.nowMs()) },
      ),
    );
}

/** Looks for expired champions now and then until the signal. Never rejects. */
export async function keepDemoting(context: DemotionContext, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await demoteExpired(context).catch((error: unknown) => {
      if (!stopping.aborted) context.logger.warn('expired models could not be demoted', { error });
    });
    await delay(context.everyMs, undefined, { signal: stopping, ref: false }).catch(() => undefined);
  }
}
