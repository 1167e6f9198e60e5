import type { BarCursor } from '../bars/index.ts';
import { AccountBook } from './books/account-book.ts';
import type { Core } from './core-port.ts';
import type { CoreState } from './core-state.ts';
import { checkSetup } from './check-setup.ts';
import { EngineCore } from './engine-core.ts';
import type { CoreSetup } from './setup.ts';
import { createSlot } from './slot-state.ts';
import { readSnapshot, restore } from './snapshot/snapshot.ts';
import { StreamState } from './stream-state.ts';

/**
 * The engine's core over the bars that its cursors show.
 * @param cursors one for each stream of the setup, by its id; bars that they show already are seen and not traded.
 * @param snapshot of a core of the same setup, whose cursors showed up to the same bars: goes on where it was left.
 * @throws RangeError for a setup that does not fit together, or a snapshot of anything else.
 */
export function createCore(
  setup: CoreSetup,
  cursors: ReadonlyMap<string, BarCursor>,
  snapshot?: unknown,
): Core {
  checkSetup(setup);
  const read = snapshot === undefined ? undefined : readSnapshot(setup, snapshot);
  const streams = new Map(
    setup.streams.map((each) => [each.id, new StreamState(each, cursorOf(each.id, cursors))]),
  );
  const slots = setup.slots.map((slot) =>
    createSlot(
      slot,
      slot.streams.map((id) => streams.get(id)!),
    ),
  );
  const state: CoreState = {
    setup,
    streams,
    allStreams: [...streams.values()],
    slots,
    books: new AccountBook(
      read?.cash ?? setup.startCash,
      slots.flatMap(({ legs }) => legs),
    ),
    instruments: [...new Set(setup.streams.map(({ instrument }) => instrument))],
    seq: 0,
    closedMs: -Infinity,
    firmState: 'active',
    limits: setup.limits,
    equityPeak: Number(setup.startCash),
    selectedMs: null,
    trades: [],
  };
  if (read) restore(state, read);
  return new EngineCore(state);
}

function cursorOf(id: string, cursors: ReadonlyMap<string, BarCursor>): BarCursor {
  const cursor = cursors.get(id);
  if (!cursor) throw new RangeError(`stream ${id} has no cursor`);
  return cursor;
}
