import { canonicalJson, sha256Hex } from '@aistock/shared';
import { decimalText } from '../../decimal.ts';
import type { CoreState } from '../core-state.ts';
import type { CoreSetup } from '../setup.ts';
import { takeLimits } from '../take-limits.ts';
import { setParams, type Leg, type Slot } from '../slot-state.ts';
import {
  Snapshot,
  SNAPSHOT_VERSION,
  type LegSnapshot,
  type SlotSnapshot,
  type StreamSnapshot,
} from './snapshot-schema.ts';
import { bookSnapshot, restoreBook } from './snapshot-book.ts';
import type { StreamState } from '../stream-state.ts';

/** Everything that the core knows but the bars, as JSON that nothing of the core is part of. */
export function snapshotOf(state: CoreState): Snapshot {
  return structuredClone({
    version: SNAPSHOT_VERSION,
    setupSha256: setupSha256(state.setup),
    seq: state.seq,
    closedMs: finite(state.closedMs),
    cash: decimalText(state.books.cash),
    firmState: state.firmState,
    limits: state.limits === state.setup.limits ? null : state.limits,
    equityPeak: state.equityPeak,
    selectedMs: state.selectedMs,
    streams: [...state.streams.values()].map(streamSnapshot),
    slots: state.slots.map(slotSnapshot),
    trades: state.trades,
  });
}

/** @throws RangeError for what is no snapshot of a core of this setup. */
export function readSnapshot(setup: CoreSetup, value: unknown): Snapshot {
  const { success, data, error } = Snapshot.safeParse(value);
  if (!success) throw new RangeError(`not a snapshot that can be read: ${error.message}`);
  if (data.setupSha256 !== setupSha256(setup)) throw new RangeError('the snapshot is of another setup');
  return data;
}

/** Puts a state that was just made where the snapshot was. @throws RangeError where the cursors show other bars. */
export function restore(state: CoreState, snapshot: Snapshot): void {
  state.seq = snapshot.seq;
  state.closedMs = snapshot.closedMs ?? -Infinity;
  state.firmState = snapshot.firmState;
  if (snapshot.limits) takeLimits(state, snapshot.limits);
  state.equityPeak = snapshot.equityPeak;
  state.selectedMs = snapshot.selectedMs;
  state.trades = snapshot.trades;
  for (const each of snapshot.streams) restoreStream(state.streams.get(each.id)!, each);
  for (const [index, slot] of state.slots.entries()) restoreSlot(slot, snapshot.slots[index]!);
}

/** What makes a setup the same setup; of a strategy its name. */
function setupSha256({ slots, ...rest }: CoreSetup): string {
  const named = slots.map((slot) => ({ ...slot, strategy: slot.strategy.name }));
  return sha256Hex(canonicalJson({ ...rest, slots: named }));
}

function streamSnapshot(stream: StreamState): StreamSnapshot {
  return {
    id: stream.setup.id,
    newestOpenMs: stream.newestOpenMs,
    quality: stream.quality,
    qualityReasons: [...stream.qualityReasons],
    stale: stream.stale,
  };
}

function restoreStream(stream: StreamState, snapshot: StreamSnapshot): void {
  if (stream.newestOpenMs !== snapshot.newestOpenMs)
    throw new RangeError(
      `stream ${snapshot.id} ends with bar ${stream.newestOpenMs}, and the snapshot with bar ${snapshot.newestOpenMs}`,
    );
  stream.quality = snapshot.quality;
  stream.qualityReasons = snapshot.qualityReasons;
  stream.stale = snapshot.stale;
}

function slotSnapshot(slot: Slot): SlotSnapshot {
  return {
    id: slot.setup.id,
    legs: slot.legs.map(({ book, entryMs, barsHeld, isHeld, isStopLost }) => ({
      book: bookSnapshot(book),
      entryMs,
      barsHeld,
      isHeld,
      isStopLost,
    })),
    toldRegime: slot.toldRegime,
    params: slot.params && { ...slot.params, params: { ...slot.params.params } },
    paramsMissing: slot.paramsMissing,
    paramsSpent: slot.paramsSpent,
    paramsToldMs: finite(slot.paramsToldMs),
    orders: [...slot.orders.values()],
    ended: [...slot.ended.values()],
    isEnabled: slot.isEnabled,
    tradingState: slot.tradingState,
    kelly: { ...slot.kelly, rewards: [...slot.kelly.rewards] },
    legsClosed: slot.legsClosed,
    lastEntryMs: slot.lastEntryMs,
    session: slot.session,
    entriesInSession: slot.entriesInSession,
  };
}

function restoreSlot(slot: Slot, snapshot: SlotSnapshot): void {
  slot.toldRegime = snapshot.toldRegime;
  setParams(slot, snapshot.params, snapshot.paramsMissing);
  slot.paramsSpent = snapshot.paramsSpent;
  slot.paramsToldMs = snapshot.paramsToldMs ?? -Infinity;
  for (const order of snapshot.orders) slot.orders.set(order.request.decisionId, order);
  for (const order of snapshot.ended) slot.ended.set(order.request.decisionId, order);
  slot.isEnabled = snapshot.isEnabled;
  slot.tradingState = snapshot.tradingState;
  slot.kelly = snapshot.kelly;
  slot.legsClosed = snapshot.legsClosed;
  slot.lastEntryMs = snapshot.lastEntryMs;
  slot.session = snapshot.session;
  slot.entriesInSession = snapshot.entriesInSession;
  for (const leg of slot.legs) restoreLeg(leg, snapshot.legs[leg.index]!);
}

function restoreLeg(leg: Leg, { book, entryMs, barsHeld, isHeld, isStopLost }: LegSnapshot): void {
  restoreBook(leg.book, book);
  leg.isStopLost = isStopLost;
  leg.entryMs = entryMs;
  leg.barsHeld = barsHeld;
  leg.isHeld = isHeld;
  if (entryMs === null) return;
  leg.holding.entryMs = entryMs;
  leg.holding.barsHeld = barsHeld;
}

/** Null for a time that was not yet. */
function finite(atMs: number): number | null {
  return Number.isFinite(atMs) ? atMs : null;
}
