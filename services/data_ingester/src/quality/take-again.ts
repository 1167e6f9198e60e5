import { differences, type Bar, type CorporateAction, type RejectionCount } from '@aistock/market';
import type { FetchedBars, Provenance } from '@aistock/venues';
import { noteTold } from '../actions/note-told.ts';
import { decideChunk } from '../decide-chunk.ts';
import type { Keeper } from '../keep-chunk.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { heldBars } from './held-bars.ts';
import { ofOneSource } from './of-one-source.ts';
import { keepRevision, type KeptRevision } from './keep-revision.ts';
import { loadWatch, scheduleOf } from './watched-stream.ts';

/** Bars that a source gave once more for a time that is registered already. */
export interface BarsAgain {
  /** In the source's order, unchecked. */
  readonly bars: readonly Bar[];
  /** The source's clock, Unix ms UTC. */
  readonly clockMs: number;
  /** Which source gave them, and its answers. */
  readonly source: string;
  readonly origins: readonly Provenance[];
  /** Splits and dividends that it told beside them. */
  readonly actions?: readonly CorporateAction[] | undefined;
}

/** Where bars came from, as {@link BarsAgain} tells it. */
export function againOf({
  source,
  provenance,
  actions,
}: FetchedBars): Pick<BarsAgain, 'source' | 'origins' | 'actions'> {
  return { source, origins: provenance, actions };
}

export interface TakenAgain {
  readonly compared: number;
  readonly restated: number;
  readonly late: number;
  readonly rejected: readonly RejectionCount[];
  readonly kept: KeptRevision | undefined;
}

/**
 * Compares bars with those that are held between the stream's first bar and its watermark. What has another value, or
 * was missing, is registered as a revision beside the first ones; nothing is overwritten. Where one of them cannot be
 * believed none is taken.
 */
export async function takeAgain(
  keeper: Keeper,
  stream: ConfiguredStream,
  again: BarsAgain,
): Promise<TakenAgain> {
  const watch = await loadWatch(keeper.db, stream);
  const inside = again.bars.filter(
    ({ openMs }) => watch !== undefined && openMs >= watch.firstOpenMs && openMs <= watch.lastOpenMs,
  );
  const decision = decideChunk(inside, {
    ...scheduleOf(stream),
    clockMs: again.clockMs,
    watermarkMs: null,
    faultyShareMax: stream.quality.faulty_share_block,
  });
  const nothing = { compared: 0, restated: 0, late: 0, rejected: decision.rejected, kept: undefined };
  if (decision.kind !== 'register') return nothing;
  const { bars } = decision;
  if (again.actions && again.actions.length > 0) {
    const now = new Date(keeper.clock.nowMs());
    await keeper.db.transaction().execute((trx) => noteTold(trx, stream.stream, again, now));
  }
  const held = await heldBars(keeper.reader, stream, {
    fromMs: bars[0]!.openMs,
    toMs: bars.at(-1)!.openMs + 1,
    asOfMs: keeper.clock.nowMs(),
  });
  const found = ofOneSource(differences(held, bars), again.source);
  const told = {
    ...nothing,
    compared: bars.length,
    restated: found.restated.length,
    late: found.late.length,
  };
  if (found.restated.length + found.late.length === 0) return told;
  const { source, origins } = again;
  return { ...told, kept: await keepRevision(keeper, stream, { ...found, source, origins }) };
}
