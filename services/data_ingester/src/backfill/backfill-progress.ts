import type { BackfillStreamTable, BackfillTable, Db } from '@aistock/database';
import { countExpectedBars } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Backfill } from '@aistock/shared';
import { sql, type Selectable } from 'kysely';
import { scheduleOf } from '../quality/watched-stream.ts';
import type { StreamSpec } from '../stream-spec.ts';

/** The rate is taken over the files of so long. */
const RATE_WINDOW_S = 60;

type Whole = Selectable<BackfillTable>;
type Line = Selectable<BackfillStreamTable>;

/** What the ledger holds of a stream within a backfill's time. */
interface Held {
  readonly bars: number;
  /** Of those, registered within the rate's window. */
  readonly lately: number;
  /** How long ago the first of these came. */
  readonly latelyS: number;
}

/** Bars a second; what comes within the first second counts as one second's. */
function rateOf(held: ReadonlyMap<string, Held>): number {
  const lately = [...held.values()].reduce((total, each) => total + each.lately, 0);
  return lately / Math.max(1, ...[...held.values()].map(({ latelyS }) => latelyS));
}

/** @throws ServiceError 404 `backfill_unknown`. */
export async function readBackfill(db: Db, id: string, specs: readonly StreamSpec[]): Promise<Backfill> {
  const whole = await db
    .selectFrom('market.backfill')
    .selectAll()
    .where('backfill_id', '=', id)
    .executeTakeFirst();
  if (whole === undefined) throw new ServiceError('backfill_unknown', 404, `there is no backfill ${id}`);
  return describe(db, whole, byStream(specs));
}

/** The newest ones, newest first. */
export async function readBackfills(
  db: Db,
  limit: number,
  specs: readonly StreamSpec[],
): Promise<Backfill[]> {
  const wholes = await db
    .selectFrom('market.backfill')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  const known = byStream(specs);
  const backfills: Backfill[] = [];
  for (const whole of wholes) backfills.push(await describe(db, whole, known));
  return backfills;
}

type SpecByStream = ReadonlyMap<string, StreamSpec>;

const byStream = (specs: readonly StreamSpec[]): SpecByStream =>
  new Map(specs.map((spec) => [spec.stream, spec]));

async function describe(db: Db, whole: Whole, specs: SpecByStream): Promise<Backfill> {
  const lines = await db
    .selectFrom('market.backfill_stream')
    .selectAll()
    .where('backfill_id', '=', whole.backfill_id)
    .orderBy('stream')
    .execute();
  const held = await readHeld(db, whole, lines);
  const streams = lines.map((line) =>
    toState(line, whole, specs.get(line.stream), held.get(line.stream)?.bars ?? 0),
  );
  const sum = (of: (stream: (typeof streams)[number]) => number): number =>
    streams.reduce((total, stream) => total + of(stream), 0);
  const status = statusOf(lines);
  const left = sum(({ bars_total, bars_done }) => bars_total - bars_done);
  const perSecond = status === 'running' ? rateOf(held) : 0;
  return {
    backfill_id: whole.backfill_id,
    status,
    since_ms: whole.since_at.getTime(),
    until_ms: whole.until_at.getTime(),
    created_ms: whole.created_at.getTime(),
    bars_done: sum(({ bars_done }) => bars_done),
    bars_total: sum(({ bars_total }) => bars_total),
    bars_per_s: perSecond,
    seconds_left: perSecond === 0 ? null : left / perSecond,
    streams,
  };
}

/** Files at the edges count as a whole. */
async function readHeld(db: Db, whole: Whole, lines: readonly Line[]): Promise<Map<string, Held>> {
  if (lines.length === 0) return new Map();
  const isLate = sql`registered_at > clock_timestamp() - ${RATE_WINDOW_S} * interval '1 second'`;
  const rows = await db
    .selectFrom('ledger.file')
    .select(({ fn }) => ['stream', fn.sum<number>('rows').as('bars')])
    .select([
      sql<number>`coalesce(sum(rows) FILTER (WHERE ${isLate}), 0)::bigint`.as('lately'),
      sql<number>`coalesce(extract(epoch FROM clock_timestamp() - min(registered_at) FILTER (WHERE ${isLate})), 0)
        ::float8`.as('latelyS'),
    ])
    .where(
      'stream',
      'in',
      lines.map(({ stream }) => stream),
    )
    .where('revision', '=', 0)
    .where('status', '<>', 'quarantined')
    .where('last_open_at', '>=', whole.since_at)
    .where('first_open_at', '<', whole.until_at)
    .groupBy('stream')
    .execute();
  return new Map(rows.map(({ stream, ...held }) => [stream, held]));
}

function toState(
  line: Line,
  whole: Whole,
  spec: StreamSpec | undefined,
  bars: number,
): Backfill['streams'][number] {
  const { stream, status, from_at, problem_code: code, problem_detail: detail } = line;
  const fromMs = from_at === null ? null : from_at.getTime();
  const startMs = Math.max(whole.since_at.getTime(), fromMs ?? 0);
  const expected = spec ? countExpectedBars(startMs, whole.until_at.getTime(), scheduleOf(spec)) : bars;
  return {
    stream,
    status,
    // What is done has all that its source gave, also where the calendar expects more.
    bars_total: status === 'done' ? Math.min(bars, expected) : expected,
    bars_done: Math.min(bars, expected),
    from_ms: fromMs,
    problem: code === null ? null : { code, detail: detail ?? '' },
  };
}

function statusOf(lines: readonly Line[]): Backfill['status'] {
  const has = (...statuses: Line['status'][]): boolean =>
    lines.some(({ status }) => statuses.includes(status));
  if (has('waiting', 'running')) return 'running';
  if (has('failed')) return 'failed';
  return has('cancelled') ? 'cancelled' : 'done';
}
