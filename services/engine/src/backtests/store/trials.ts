import type { Db, Trx } from '@aistock/database';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { sql } from 'kysely';
import type { TriedBefore } from '../job/honesty-of.ts';
import type { FullRequest, JobSlot } from '../job/run-job.ts';
import type { Studied } from '../studies/run-study.ts';

/** Rows of one insert. */
const ROWS_MAX = 1_000;

/** A configuration whose result is to be seen. */
export interface Trial {
  readonly strategy: string;
  readonly stream: string;
  readonly configSha256: string;
  readonly sharpe: number | null;
}

/** Every configuration of a run: the combinations of the first slot's strategy, and what the other slots are. */
export function trialsOf(request: FullRequest, tried: Studied['tried'], sharpe: number | null): Trial[] {
  const [first, ...others] = request.slots;
  const combinations = tried.length > 0 ? tried : [{ params: first!.params, sharpe }];
  const trials = [
    ...combinations.map((point) =>
      trialOf(request, { ...first!, params: { ...point.params } }, point.sharpe),
    ),
    ...others.map((slot) => trialOf(request, slot, sharpe)),
  ];
  return [
    ...new Map(
      trials.map((trial) => [`${trial.strategy} ${trial.stream} ${trial.configSha256}`, trial]),
    ).values(),
  ];
}

/** What decides its trades, whatever the time, the costs and the money. */
function trialOf({ sizing, selection, orders }: FullRequest, slot: JobSlot, sharpe: number | null): Trial {
  const { id: _id, ...config } = slot;
  return {
    strategy: slot.strategy,
    stream: slot.streams[0]!,
    configSha256: sha256Hex(canonicalJson({ ...config, sizing, selection, orders })),
    sharpe,
  };
}

export async function insertTrials(
  trx: Trx,
  runId: string,
  request: FullRequest,
  trials: readonly Trial[],
): Promise<void> {
  const period = { from_at: new Date(request.from_ms), to_at: new Date(request.to_ms) };
  for (let from = 0; from < trials.length; from += ROWS_MAX)
    await trx
      .insertInto('engine.trial')
      .values(
        trials.slice(from, from + ROWS_MAX).map(({ strategy, stream, configSha256, sharpe }) => ({
          run_id: runId,
          strategy,
          stream,
          ...period,
          config_sha256: configSha256,
          sharpe,
        })),
      )
      .execute();
}

/** What was seen of a strategy on a stream in a time that overlaps with this one, by configuration. */
export async function seenBefore(
  db: Db,
  { slots, ...request }: FullRequest,
): Promise<Map<string, number | null>> {
  const [first] = slots;
  const { rows } = await sql<{ config_sha256: string; sharpe: number | null }>`
    SELECT config_sha256, max(sharpe) AS sharpe FROM engine.trial
    WHERE strategy = ${first!.strategy} AND stream = ${first!.streams[0]!}
      AND from_at < ${new Date(request.to_ms)} AND to_at > ${new Date(request.from_ms)}
    GROUP BY config_sha256`.execute(db);
  return new Map(rows.map(({ config_sha256: sha256, sharpe }) => [sha256, sharpe]));
}

/** How many configurations were seen with those of this run, and how much their Sharpe ratios differ. */
export function triedSoFar(
  seen: ReadonlyMap<string, number | null>,
  request: FullRequest,
  tried: Studied['tried'],
): TriedBefore {
  const [first] = request.slots;
  const own = trialsOf({ ...request, slots: [first!] }, tried, null);
  const all = new Map(seen);
  for (const { configSha256, sharpe } of own) all.set(configSha256, sharpe ?? all.get(configSha256) ?? null);
  const sharpes = [...all.values()].filter((sharpe) => sharpe !== null);
  return { count: all.size, sharpeVarianceAnnual: varianceOf(sharpes) };
}

/** Of a sample; 0 of fewer than two. */
function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
