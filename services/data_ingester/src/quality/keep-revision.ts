import type { Db, Trx } from '@aistock/database';
import { RegistrationRefused, registerRevision, type LedgerFileRow } from '@aistock/ledger';
import type { Bar, Differences, Finding, Gap } from '@aistock/market';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import type { Provenance } from '@aistock/venues';
import { listFileParts } from '../curated/list-file-parts.ts';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { noteFindings } from './finding-store.ts';
import { fillGap, gapsAround } from './gap-store.ts';
import { storeDistinct } from './store-distinct.ts';
import { saveWatch } from './watch-bars.ts';
import { lockWatch, scheduleOf, type Watch } from './watched-stream.ts';

export interface Revision extends Differences {
  /** Which source the bars are from, and its answers. */
  readonly source: string;
  readonly origins: readonly Provenance[];
}

export interface KeptRevision {
  readonly file: LedgerFileRow;
}

/** Bars and gaps that an event names one by one. */
const TOLD_MAX = 20;

/**
 * Registers restated and late bars as one file of a new revision, known from now on: its gaps are filled, what was
 * restated is found, and the stream is judged anew, all in one transaction.
 * @throws RegistrationRefused where another process registered the same revision meanwhile; nothing is recorded then.
 */
export async function keepRevision(
  keeper: Keeper,
  stream: ConfiguredStream,
  found: Revision,
): Promise<KeptRevision> {
  const { db, raw, curated, origins, clock } = keeper;
  const wanted = barsOf(found);
  const revision = 1 + (await highestRevision(db, stream.stream, rangeOf(wanted)));
  const { bars, stored } = await storeDistinct(keeper, stream, { bars: wanted, revision });
  const range = rangeOf(bars);
  // Bars that go along may have a higher revision than those that are wanted.
  const number = 1 + (await highestRevision(db, stream.stream, range));
  const known = { source: found.source, knownMs: clock.nowMs() };
  const series = { stream: stream.stream, sha256: stored.sha256, revision: number };
  const made = await curated.writeRaw({ ...series, ...known });
  await origins.keep(found.origins);
  const at = new Date(known.knownMs);
  return db.transaction().execute(async (trx) => {
    const watch = await lockWatch(trx, stream);
    if (watch === undefined)
      throw new ServiceError('no_bars', 409, `${stream.stream} has no bars that could be restated`);
    const values = { stream: stream.stream, ...stored, rows: bars.length, ...range };
    const { file, registered } = await registerRevision(trx, values, number);
    if (!registered) return { file };
    // Another process may have restated the same bars since this one chose its number; the stream is ours by now.
    if ((await highestRevision(trx, stream.stream, range)) !== number)
      throw new RegistrationRefused('overlapping_bars', `${stream.stream} was restated meanwhile; try again`);
    if (!(await raw.has(stored.sha256))) await raw.write(bars);
    await listFileParts(trx, curated, { fileId: file.file_id, ...known, made });
    const { restated, late } = among(bars, found);
    await noteLate(trx, stream, { bars: late, file, at });
    await noteRestated(trx, stream, { restated, file });
    const after = { ...watch, bars: watch.bars + late.length, monitor: corrected(watch, bars) };
    await saveWatch(trx, stream, after, at);
    const taken = { stream: stream.stream, chunkSha256: file.sha256, outcome: 'registered' as const };
    const rawLogHash = await origins.record(trx, { ...found, ...taken });
    await emitEvent(trx, {
      kind: 'file.registered',
      subject: stream.stream,
      payload: {
        file_id: file.file_id,
        sha256: file.sha256,
        rows: file.rows,
        revision: number,
        first_open_ms: range.firstOpenMs,
        last_open_ms: range.lastOpenMs,
        origins: found.origins.map(({ origin, sha256 }) => ({ origin, sha256 })),
        raw_log_hash: rawLogHash,
      },
    });
    return { file };
  });
}

function barsOf({ restated, late }: Differences): Bar[] {
  return [...restated.map(({ bar }) => bar), ...late].toSorted((a, b) => a.openMs - b.openMs);
}

/** What of the differences is among the bars. */
function among(bars: readonly Bar[], { restated, late }: Differences): Differences {
  const opens = new Set(bars.map(({ openMs }) => openMs));
  return {
    restated: restated.filter(({ bar }) => opens.has(bar.openMs)),
    late: late.filter(({ openMs }) => opens.has(openMs)),
  };
}

function rangeOf(bars: readonly Bar[]): { readonly firstOpenMs: number; readonly lastOpenMs: number } {
  return { firstOpenMs: bars[0]!.openMs, lastOpenMs: bars.at(-1)!.openMs };
}

/** Of the files that overlap a range; 0 where they are all as first published. */
async function highestRevision(
  db: Db,
  stream: string,
  range: { readonly firstOpenMs: number; readonly lastOpenMs: number },
): Promise<number> {
  const { highest } = await db
    .selectFrom('ledger.file')
    .select(({ fn }) => fn.max('revision').as('highest'))
    .where('stream', '=', stream)
    .where('is_used', '=', true)
    .where('first_open_at', '<=', new Date(range.lastOpenMs))
    .where('last_open_at', '>=', new Date(range.firstOpenMs))
    .executeTakeFirstOrThrow();
  return highest ?? 0;
}

async function noteLate(
  trx: Trx,
  stream: ConfiguredStream,
  { bars, file, at }: { readonly bars: readonly Bar[]; readonly file: LedgerFileRow; readonly at: Date },
): Promise<void> {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return;
  const schedule = scheduleOf(stream);
  const filled: Gap[] = [];
  const gaps = await gapsAround(trx, stream.stream, { fromMs: first.openMs, toMs: last.openMs + 1 });
  for (const gap of gaps.filter(({ state }) => state !== 'filled')) {
    const [fromMs, toMs] = [gap.from_at.getTime(), gap.to_at.getTime()];
    const opens = bars.map(({ openMs }) => openMs).filter((openMs) => openMs >= fromMs && openMs < toMs);
    if (opens.length > 0) filled.push(...(await fillGap(trx, gap, { opens, schedule, at })).filled);
  }
  if (filled.length === 0) return;
  await emitEvent(trx, {
    kind: 'gap.filled',
    subject: stream.stream,
    payload: {
      file_id: file.file_id,
      sha256: file.sha256,
      bars: filled.reduce((sum, { missingBars }) => sum + missingBars, 0),
      gaps: filled.slice(0, TOLD_MAX).map(({ fromMs, toMs, missingBars }) => ({
        from_ms: fromMs,
        to_ms: toMs,
        bars: missingBars,
      })),
    },
  });
}

async function noteRestated(
  trx: Trx,
  stream: ConfiguredStream,
  { restated, file }: Pick<Revision, 'restated'> & { readonly file: LedgerFileRow },
): Promise<void> {
  if (restated.length === 0) return;
  const findings = restated.map(({ bar }): Finding => ({
    kind: 'restated',
    openMs: bar.openMs,
    bars: 1,
    size: file.revision,
  }));
  await noteFindings(trx, stream.stream, findings);
  await emitEvent(trx, {
    kind: 'bar.restated',
    subject: stream.stream,
    payload: {
      file_id: file.file_id,
      sha256: file.sha256,
      revision: file.revision,
      bars: restated.length,
      examples: restated.slice(0, TOLD_MAX).map(({ held, bar }) => ({
        open_ms: bar.openMs,
        was: valuesOf(held),
        is: valuesOf(bar),
      })),
    },
  });
}

function valuesOf({ open, high, low, close, volume }: Bar): Omit<Bar, 'openMs'> {
  return { open, high, low, close, volume };
}

/** The next return is measured from the newest close as it is known now. */
function corrected({ monitor }: Watch, bars: readonly Bar[]): Watch['monitor'] {
  const bar = bars.find(({ openMs }) => openMs === monitor.last?.openMs);
  return bar === undefined ? monitor : { ...monitor, last: { openMs: bar.openMs, close: bar.close } };
}
