import type { Backfill } from '@aistock/shared';
import { follow, isOpen, type BackfillClient, type Watching } from './follow.ts';
import type { Options } from './options.ts';

const BACKFILLS_LOOKED_AT = '100';

/** What data_ingester is asked for. */
export const bodyOf = ({ sinceMs, untilMs, streams }: Pick<Options, 'sinceMs' | 'untilMs' | 'streams'>) => ({
  since_ms: sinceMs,
  ...(untilMs !== undefined && { until_ms: untilMs }),
  ...(streams.length > 0 && { streams: [...streams] }),
});

/**
 * Has what is wanted fetched, after what earlier commands left open of the same streams: a stream is in one backfill at a
 * time. Theirs may have wanted less, so ours always follows; it asks for nothing that is there.
 * @returns how far it came; still open where the signal ended it.
 */
export async function fetchHistory(
  client: BackfillClient,
  options: Parameters<typeof bodyOf>[0],
  watching: Watching,
): Promise<Backfill> {
  const body = bodyOf(options);
  const { plan } = await client.startBackfill({ body: { ...body, dry_run: true } });
  const wanted = new Set(plan.map(({ stream }) => stream));
  const { backfills } = await client.backfills({ query: { limit: BACKFILLS_LOOKED_AT } });
  for (const open of backfills.filter((backfill) => isOpen(backfill, wanted))) {
    watching.out.write(`first the rest of the backfill of ${new Date(open.created_ms).toISOString()}\n`);
    const left = await follow(client, open.backfill_id, wanted, watching);
    if (isOpen(left, wanted)) return left;
  }
  const { backfill_id: id } = await client.startBackfill({ body });
  if (id === null) throw new Error('data_ingester began no backfill');
  return follow(client, id, wanted, watching);
}
