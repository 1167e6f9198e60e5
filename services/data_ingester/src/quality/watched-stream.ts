import type { Db, QualityTable, Trx } from '@aistock/database';
import { MONITOR_START, type BarSchedule, type MonitorState } from '@aistock/market';
import { QualityThresholds } from '@aistock/shared';
import type { Selectable } from 'kysely';
import { countBars } from '../stream-files.ts';
import type { StreamSpec } from '../stream-spec.ts';

/** A series and the limits that it is judged by; those of before where it is no longer configured. */
export type WatchedStream = StreamSpec & { readonly quality?: QualityThresholds };

/** The bars that a stream is expected to have. */
export function scheduleOf({
  timeframe,
  calendar,
  facts,
  closed,
}: Pick<StreamSpec, 'timeframe' | 'calendar' | 'facts' | 'closed'>): BarSchedule {
  return {
    timeframe,
    calendar,
    sessions: facts.session ?? 'regular',
    ...(closed && { closed }),
  };
}

/** Where the watch over a stream stands. */
export interface Watch {
  readonly bars: number;
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  readonly monitor: MonitorState;
  readonly thresholds: QualityThresholds;
  readonly staleAcceptedFromMs: number | null;
  /** Undefined before it was judged for the first time. */
  readonly judged: Pick<Selectable<QualityTable>, 'verdict' | 'reasons' | 'since_at'> | undefined;
}

/** Undefined where the stream has no bars. Bars from before streams were watched are counted, and not looked at. */
export async function loadWatch(db: Db, spec: WatchedStream): Promise<Watch | undefined> {
  return toWatch(db, spec, await rowOf(db, spec.stream).executeTakeFirst());
}

/** The same, held until the end of the transaction: who changes the watch takes it first. */
export async function lockWatch(trx: Trx, spec: WatchedStream): Promise<Watch | undefined> {
  return toWatch(trx, spec, await rowOf(trx, spec.stream).forUpdate().executeTakeFirst());
}

function rowOf(db: Db, stream: string) {
  return db.selectFrom('market.quality').selectAll().where('stream', '=', stream);
}

async function toWatch(
  db: Db,
  spec: WatchedStream,
  row: Selectable<QualityTable> | undefined,
): Promise<Watch | undefined> {
  if (row)
    return {
      bars: row.bars,
      firstOpenMs: row.first_open_at.getTime(),
      lastOpenMs: row.last_open_at.getTime(),
      // Only this service writes the table.
      monitor: JSON.parse(row.monitor) as MonitorState,
      thresholds: spec.quality ?? QualityThresholds.parse(JSON.parse(row.thresholds)),
      staleAcceptedFromMs: row.stale_accepted_from_at?.getTime() ?? null,
      judged: row,
    };
  const held = (await countBars(db, spec.stream)).get(spec.stream);
  if (!held) return undefined;
  return { ...held, ...unwatched(spec) };
}

/** The watch over a stream at its start. */
export function unwatched({ quality }: WatchedStream) {
  return {
    monitor: MONITOR_START,
    thresholds: quality ?? QualityThresholds.parse({}),
    staleAcceptedFromMs: null,
    judged: undefined,
  };
}
