import type { Trx } from '@aistock/database';
import { MONITOR_START, monitorBars, type Bar } from '@aistock/market';
import { emitEvent } from '@aistock/service-kit';
import { noteFindings } from './finding-store.ts';
import { judgeStream, type Judged } from './judge-stream.ts';
import { unwatched, type Watch, type WatchedStream } from './watched-stream.ts';

/**
 * Looks at the bars of a file in the transaction that registers it, and judges the stream anew.
 * @param before - of the watch, as {@link lockWatch} gave it before the file was registered.
 * @param bars - ascending, at least one; after those before, or, where a series is lengthened backwards, before all of them.
 */
export async function watchBars(
  trx: Trx,
  spec: WatchedStream,
  {
    before,
    bars,
    at,
  }: { readonly before: Watch | undefined; readonly bars: readonly Bar[]; readonly at: Date },
): Promise<void> {
  const firstOpenMs = bars[0]!.openMs;
  const lastOpenMs = bars.at(-1)!.openMs;
  const watch = before ?? { bars: 0, firstOpenMs, lastOpenMs, ...unwatched(spec) };
  const terms = { timeframe: spec.timeframe, thresholds: watch.thresholds };
  // Earlier bars are looked at by themselves: what the watch remembers lies after them.
  const follows = firstOpenMs > watch.lastOpenMs || before === undefined;
  const { findings, state } = monitorBars(bars, terms, follows ? watch.monitor : MONITOR_START);
  await noteFindings(trx, spec.stream, findings);
  await saveWatch(
    trx,
    spec,
    {
      ...watch,
      bars: watch.bars + bars.length,
      firstOpenMs: Math.min(watch.firstOpenMs, firstOpenMs),
      lastOpenMs: Math.max(watch.lastOpenMs, lastOpenMs),
      monitor: follows ? state : watch.monitor,
    },
    at,
  );
}

/** Writes where the watch stands with a new judgement, and puts it on the record where training and trading stop or may go on. */
export async function saveWatch(trx: Trx, spec: WatchedStream, watch: Watch, at: Date): Promise<Judged> {
  const judged = await judgeStream(trx, spec, watch);
  const { stream } = spec;
  const known = watch.judged;
  const values = {
    bars: watch.bars,
    first_open_at: new Date(watch.firstOpenMs),
    last_open_at: new Date(watch.lastOpenMs),
    monitor: JSON.stringify(watch.monitor),
    thresholds: JSON.stringify(watch.thresholds),
    stale_accepted_from_at: watch.staleAcceptedFromMs === null ? null : new Date(watch.staleAcceptedFromMs),
    ...judged,
    since_at: known?.verdict === judged.verdict ? known.since_at : at,
  };
  await trx
    .insertInto('market.quality')
    .values({ stream, ...values })
    .onConflict((conflict) => conflict.column('stream').doUpdateSet(values))
    .execute();
  const [was, is] = [known?.verdict === 'block', judged.verdict === 'block'];
  if (was !== is)
    await emitEvent(trx, {
      kind: is ? 'stream.blocked' : 'stream.unblocked',
      subject: stream,
      payload: { verdict: judged.verdict, reasons: judged.reasons },
    });
  return judged;
}
