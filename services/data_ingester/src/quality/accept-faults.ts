import type { Db, Trx } from '@aistock/database';
import { isFault } from '@aistock/market';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import type { dataIngesterApi, Output, Parsed } from '@aistock/shared';
import { rejectionsOf } from '../market-store.ts';
import { acceptFindings } from './finding-store.ts';
import { staleNowBars } from './judge-stream.ts';
import { toWireAcceptance } from './quality-report.ts';
import { saveWatch } from './watch-bars.ts';
import { lockWatch, type Watch, type WatchedStream } from './watched-stream.ts';

type Acceptance = Parsed<typeof dataIngesterApi.accept>['body'];

interface Accepting {
  readonly trx: Trx;
  readonly stream: string;
  readonly watch: Watch;
  readonly body: Acceptance;
  readonly untilMs: number;
}

/**
 * Accepts known faults of a stream in the name of a person: they stay on the report and no longer count in the verdict.
 * What is found later counts again.
 * @throws ServiceError 409 `nothing_to_accept`.
 */
export async function acceptFaults(
  db: Db,
  spec: WatchedStream,
  { body, at }: { readonly body: Acceptance; readonly at: Date },
): Promise<Output<typeof dataIngesterApi.accept>> {
  const { stream } = spec;
  return db.transaction().execute(async (trx) => {
    const watch = await lockWatch(trx, spec);
    if (watch === undefined) throw nothing(body, stream);
    const untilMs = body.until_ms ?? watch.lastOpenMs + 1;
    const accepting: Accepting = { trx, stream, watch, body, untilMs };
    const bars = await countAccepted(accepting);
    if (bars === 0) throw nothing(body, stream);
    const row = await trx
      .insertInto('market.acceptance')
      .values({
        stream,
        kind: body.kind,
        bars,
        until_at: new Date(untilMs),
        accepted_by: body.by,
        reason: body.reason,
        accepted_at: at,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    if (body.kind === 'gap') await closeGaps(accepting, row.acceptance_id, at);
    const acceptance = toWireAcceptance(row);
    const kind = body.kind === 'gap' ? 'gap.accepted' : 'finding.accepted';
    await emitEvent(trx, { kind, subject: stream, payload: { ...acceptance } });
    const staleAcceptedFromMs =
      body.kind === 'stale_now' ? watch.monitor.stale.fromMs : watch.staleAcceptedFromMs;
    const judged = await saveWatch(trx, spec, { ...watch, staleAcceptedFromMs }, at);
    return { stream, ...judged, acceptance };
  });
}

/** Marks what is accepted, but for gaps, which name their acceptance; answers how many bars it is. */
async function countAccepted({ trx, stream, watch, body, untilMs }: Accepting): Promise<number> {
  const { kind } = body;
  if (kind === 'faulty') return acceptRejections(trx, stream);
  if (kind === 'stale_now') return staleNowBars(watch);
  if (kind !== 'gap') return acceptFindings(trx, stream, { kind, untilMs });
  const gaps = await openGaps({ trx, stream, body, untilMs }).select('missing_bars').execute();
  return gaps.reduce((sum, gap) => sum + gap.missing_bars, 0);
}

function openGaps({ trx, stream, body, untilMs }: Omit<Accepting, 'watch'>) {
  const open = trx.selectFrom('market.gap').where('stream', '=', stream).where('state', '=', 'open');
  return body.gap_from_ms === undefined
    ? open.where('to_at', '<=', new Date(untilMs))
    : open.where('from_at', '=', new Date(body.gap_from_ms));
}

async function closeGaps(accepting: Accepting, acceptanceId: string, at: Date): Promise<void> {
  const { trx, stream } = accepting;
  await trx
    .updateTable('market.gap')
    .set({ state: 'accepted', closed_at: at, acceptance_id: acceptanceId })
    .where('stream', '=', stream)
    .where('from_at', 'in', openGaps(accepting).select('from_at'))
    .execute();
}

/** Rejections are counted over the whole stream, so that all of them are accepted at once. */
async function acceptRejections(trx: Trx, stream: string): Promise<number> {
  const faults = (await rejectionsOf(trx, stream)).filter(({ reason }) => isFault(reason));
  await trx
    .updateTable('market.rejection')
    .set((eb) => ({ accepted_bars: eb.ref('bars') }))
    .where('stream', '=', stream)
    .execute();
  return faults.reduce((sum, { count, accepted }) => sum + count - accepted, 0);
}

function nothing({ kind, gap_from_ms }: Acceptance, stream: string): ServiceError {
  const what = gap_from_ms === undefined ? `nothing of kind ${kind}` : `no open gap from ${gap_from_ms}`;
  return new ServiceError('nothing_to_accept', 409, `${stream} has ${what} that is not accepted yet`, {
    fields: [
      {
        field: gap_from_ms === undefined ? 'body.kind' : 'body.gap_from_ms',
        message: 'must name something that counts against the stream; GET /streams/{id}/quality lists it',
      },
    ],
  });
}
