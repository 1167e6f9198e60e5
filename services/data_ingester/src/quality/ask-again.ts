import type { Db } from '@aistock/database';
import { SourceError } from '@aistock/venues';
import { fetchChunk } from '../fetch-chunk.ts';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import type { GapRow } from './gap-store.ts';
import { againOf, takeAgain, type TakenAgain } from './take-again.ts';

/** A gap that was asked for so often is left to a person. */
const ATTEMPTS_MAX = 8;
/** The first wait after an attempt; each further one is four times as long, so that the last is some two weeks. */
const WAIT_FIRST_MS = 60_000;
const WAIT_GROWTH = 4;
/** What one ingest spends on gaps. */
const GAPS_PER_INGEST = 5;
const TIME_PER_INGEST_MS = 10_000;

/**
 * Asks the source once more for the stream's gaps whose turn it is, the newest first, a few at a time. A source that
 * makes bars of trades only has no bars for them, and is not asked.
 */
export async function askAgain(keeper: Keeper, stream: ConfiguredStream): Promise<TakenAgain[]> {
  if (stream.gapMeaning === 'trades_only') return [];
  const startMs = keeper.clock.nowMs();
  const taken: TakenAgain[] = [];
  for (const gap of await dueGaps(keeper.db, stream.stream, startMs)) {
    if (keeper.clock.nowMs() - startMs > TIME_PER_INGEST_MS) break;
    const answer = await askFor(keeper, stream, gap);
    if (answer === undefined) break;
    taken.push(answer);
  }
  return taken;
}

async function dueGaps(db: Db, stream: string, nowMs: number): Promise<GapRow[]> {
  const open = await db
    .selectFrom('market.gap')
    .selectAll()
    .where('stream', '=', stream)
    .where('state', '=', 'open')
    .where('attempts', '<', ATTEMPTS_MAX)
    .where((eb) =>
      eb.or([
        eb('last_asked_at', 'is', null),
        ...waits().map(({ attempts, waitMs }) =>
          eb('attempts', '=', attempts).and('last_asked_at', '<=', new Date(nowMs - waitMs)),
        ),
      ]),
    )
    .orderBy('from_at', 'desc')
    .limit(GAPS_PER_INGEST)
    .execute();
  return open;
}

/** How long after so many attempts the next one waits. */
function waits(): { readonly attempts: number; readonly waitMs: number }[] {
  return Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) => ({
    attempts: index + 1,
    waitMs: WAIT_FIRST_MS * WAIT_GROWTH ** index,
  }));
}

/** Undefined where the source cannot be asked now; the attempt counts all the same, so that nothing is asked for ever. */
async function askFor(
  keeper: Keeper,
  stream: ConfiguredStream,
  gap: GapRow,
): Promise<TakenAgain | undefined> {
  const [fromMs, toMs] = [gap.from_at.getTime(), gap.to_at.getTime()];
  await noteAttempt(keeper, gap);
  try {
    const range = { sinceMs: fromMs, limit: Math.min(gap.missing_bars, stream.chunkBars) };
    const { fetched, clockMs } = await fetchChunk(stream, range, undefined);
    if (fetched instanceof SourceError) return undefined;
    const bars = fetched.bars.filter(({ openMs }) => openMs >= fromMs && openMs < toMs);
    return await takeAgain(keeper, stream, { ...againOf(fetched), bars, clockMs });
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

async function noteAttempt({ db, clock }: Keeper, gap: GapRow): Promise<void> {
  await db
    .updateTable('market.gap')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), last_asked_at: new Date(clock.nowMs()) }))
    .where('stream', '=', gap.stream)
    .where('from_at', '=', gap.from_at)
    .execute();
}
