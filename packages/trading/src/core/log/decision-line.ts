import { canonicalJson, sha256Hex } from '@aistock/shared';
import { decimalText } from '../../decimal.ts';
import { averagePriceOf } from '../../portfolio/index.ts';
import type { CoreState } from '../core-state.ts';
import type { SelectionDecision, SlotDecision } from '../decision.ts';
import { barsSha256 } from './input-hashes.ts';
import { sizingLookbackBars } from '../../sizing/index.ts';
import type { OrderRequest } from '../order-request.ts';
import { regimeOf, toldRegime } from '../slot-regime.ts';
import type { Leg, Slot } from '../slot-state.ts';
import type { TrackedOrder } from '../books/tracked-order.ts';

/**
 * What was known and what was decided, as canonical JSON. The account and all ids that derive from it or come from outside are
 * left out, as is the spelling of amounts, so that a backtest, a paper session and a live one say the same of the same bar.
 */
export function slotLine(
  state: CoreState,
  slot: Slot,
  decision: SlotDecision,
  cancelled: readonly TrackedOrder[],
): string {
  const { signal } = decision;
  return canonicalJson({
    kind: 'slot',
    seq: decision.seq,
    at_ms: decision.atMs,
    bar_open_ms: decision.barOpenMs,
    slot: slot.setup.id,
    strategy: slot.setup.strategy.name,
    inputs: inputsOf(state, slot),
    equity: state.books.equity && decimalText(state.books.equity),
    positions: slot.legs.filter(({ isHeld }) => isHeld).map(positionOf),
    params: paramsOf(slot),
    regime: regimeFields(slot) ?? { missing: toldRegime(slot)?.missing ?? 'none' },
    quality: slot.legs.map((leg) => leg.stream.quality),
    stale: slot.legs.some((leg) => leg.stream.stale),
    selected: slot.isEnabled,
    state: { firm: state.firmState, slot: slot.tradingState },
    signal: signal && {
      direction: signal.direction,
      strength: signal.strength,
      confidence: signal.confidence,
      holding_bars: signal.holdingBars,
      reason: signal.reason,
    },
    sizes: decision.sizes.map(({ leg, fraction, reasons }) => ({ leg, fraction, reasons: [...reasons] })),
    cancels: cancelled.map(({ request }) => ({ leg: request.leg, bar_open_ms: request.barOpenMs })),
    orders: decision.orders.map(orderOf),
    reasons: [...decision.reasons],
  });
}

export function selectionLine({ kind, seq, atMs, slots }: SelectionDecision): string {
  return canonicalJson({
    kind,
    seq,
    at_ms: atMs,
    slots: slots.map(({ slot, enabled, score, reasons }) => ({
      slot,
      enabled,
      score,
      reasons: [...reasons],
    })),
  });
}

/** SHA-256 of everything that the decision follows from. */
function inputsOf(state: CoreState, slot: Slot) {
  const count = Math.max(slot.lookback, sizingLookbackBars(state.setup.sizing));
  return {
    bars: Object.fromEntries(
      slot.legs.map(({ stream }) => [stream.setup.id, barsSha256(stream.cursor, count)]),
    ),
    books: sha256Hex(canonicalJson(booksOf(state))),
    params: hashOf(paramsOf(slot)),
    regime: hashOf(regimeFields(slot)),
  };
}

function hashOf(value: object | null): string | null {
  return value && sha256Hex(canonicalJson(value));
}

function booksOf({ books, slots }: CoreState) {
  return {
    cash: decimalText(books.cash),
    legs: slots.flatMap(({ setup, legs }) =>
      legs.map(({ book, stream }) => ({
        slot: setup.id,
        instrument: stream.setup.instrument,
        quantity: decimalText(book.position.quantity),
        cost: decimalText(book.position.cost),
        realised_pnl: decimalText(book.position.realisedPnl),
        fees: decimalText(book.position.fees),
        funding: decimalText(book.funding),
      })),
    ),
  };
}

function positionOf({ stream, book, entryMs, barsHeld }: Leg) {
  return {
    instrument: stream.setup.instrument,
    quantity: decimalText(book.position.quantity),
    average_price: decimalText(averagePriceOf(book.position)!),
    entry_ms: entryMs,
    bars_held: barsHeld,
  };
}

function paramsOf({ params, paramsMissing }: Slot) {
  if (!params) return { missing: paramsMissing };
  return { preset_id: params.presetId, source: params.source, values: { ...params.params } };
}

function regimeFields(slot: Slot) {
  const regime = regimeOf(slot);
  return regime ? { model_id: regime.modelId, hmm_trend: regime.hmmTrend, hmm_risk: regime.hmmRisk } : null;
}

function orderOf(request: OrderRequest) {
  const { protection } = request;
  return {
    leg: request.leg,
    instrument: request.instrument,
    side: request.side,
    type: request.type,
    quantity: request.quantity,
    limit_price: request.limitPrice,
    stop_price: request.stopPrice,
    trail_bps: request.trailBps,
    time_in_force: request.timeInForce,
    extended_hours: request.extendedHours,
    reduce_only: request.reduceOnly,
    protection: protection && {
      stop_price: protection.stopPrice,
      target_price: protection.targetPrice,
      trail_bps: protection.trailBps,
    },
  };
}
