import type { BooksView, ClosedTrade, Core, LoggedDecision, Question } from './core-port.ts';
import { drawdownOf, isDrawdownStopped } from './books/drawdown.ts';
import { chooseSlots } from './decide/choose-slots.ts';
import type { CoreState } from './core-state.ts';
import { decideSlot } from './decide/decide-slot.ts';
import type { SelectionDecision, SlotDecision } from './decision.ts';
import { selectionLine, slotLine } from './log/decision-line.ts';
import type { CoreEvent } from './events.ts';
import { decimalText } from '../decimal.ts';
import { positionState } from '../portfolio/index.ts';
import { mayRenewParams } from './decide/params-in-force.ts';
import { questionsAt } from './decide/questions.ts';
import { reasonCode } from './reason-code.ts';
import { isIdle, setParams, type Slot } from './slot-state.ts';
import { snapshotOf } from './snapshot/snapshot.ts';
import type { StreamState } from './stream-state.ts';
import { settleLegs, type SettleTerms } from './books/settle-legs.ts';
import { takeFill, takeOrder } from './books/take-fill.ts';
import { takeLimits } from './take-limits.ts';
import { trackOrder } from './books/tracked-order.ts';
import { wakeMsOf, wakeMsOfAll } from './decide/wake.ts';
import { Verdict } from './decide/verdict.ts';

const NOTHING: readonly LoggedDecision[] = [];
const NO_SLOTS: readonly Slot[] = [];
const NO_DECISIONS: readonly SlotDecision[] = [];

type Told<T extends CoreEvent['type']> = Extract<CoreEvent, { type: T }>;

/** The core over a state; see `Core`. */
export class EngineCore implements Core {
  readonly #state: CoreState;
  readonly #verdict = new Verdict();
  /** Slots that decide at this close whether a bar of theirs closes or not. */
  #waking: readonly Slot[] = NO_SLOTS;
  readonly #counts = new Map<string, number>();

  constructor(state: CoreState) {
    this.#state = state;
  }

  handle(event: CoreEvent): readonly LoggedDecision[] {
    if (event.type === 'close') return this.#close(event.atMs);
    this.#take(event);
    return NOTHING;
  }

  reveal(stream: string): void {
    this.#stream(stream).reveal();
  }

  decide(atMs: number): readonly SlotDecision[] {
    this.#begin(atMs);
    let acting: SlotDecision[] | undefined;
    for (const slot of this.#state.slots) {
      if (!this.#decides(slot, atMs) || !this.#verdict.acts) continue;
      (acting ??= []).push(this.#decision(slot, atMs));
      this.#track(slot);
    }
    return acting ?? NO_DECISIONS;
  }

  questions(atMs: number): readonly Question[] {
    return questionsAt(this.#state, atMs);
  }

  settle(terms: SettleTerms): number {
    return settleLegs(this.#state, terms);
  }

  takeTrades(): readonly ClosedTrade[] {
    const { trades } = this.#state;
    if (trades.length > 0) this.#state.trades = [];
    return trades;
  }

  get books(): BooksView {
    const { books, slots } = this.#state;
    return {
      cash: decimalText(books.cash),
      equity: books.equity && decimalText(books.equity),
      drawdown: drawdownOf(this.#state),
      isDrawdownStopped: isDrawdownStopped(this.#state),
      positions: slots.flatMap(({ setup, legs }) =>
        legs.map(({ stream, book, isStopLost }) => ({
          slot: setup.id,
          instrument: stream.setup.instrument,
          position: positionState(book.position),
          isStopLost,
        })),
      ),
    };
  }

  get equity(): number | null {
    return this.#state.books.equityFloat;
  }

  get isHolding(): boolean {
    return this.#state.books.isHolding;
  }

  get wakeMs(): number {
    return wakeMsOfAll(this.#state);
  }

  get reasonCounts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  snapshot(): unknown {
    return snapshotOf(this.#state);
  }

  #close(atMs: number): readonly LoggedDecision[] {
    const selection = this.#begin(atMs);
    const logged: LoggedDecision[] = [];
    if (selection) logged.push({ decision: selection, line: selectionLine(selection) });
    for (const slot of this.#state.slots) {
      if (!this.#decides(slot, atMs)) continue;
      const decision = this.#decision(slot, atMs);
      logged.push({ decision, line: slotLine(this.#state, slot, decision, this.#verdict.cancels) });
      this.#track(slot);
    }
    return logged;
  }

  /** Goes on to a close, and chooses slots where it is time to. */
  #begin(atMs: number): SelectionDecision | undefined {
    const state = this.#state;
    checkClose(state, atMs);
    this.#waking =
      state.setup.orders.flattenBeforeCloseMs === null
        ? NO_SLOTS
        : state.slots.filter((slot) => wakeMsOf(state, slot) === atMs);
    state.closedMs = atMs;
    const equity = state.books.equityFloat;
    if (equity !== null && equity > state.equityPeak) state.equityPeak = equity;
    return chooseSlots(state, atMs);
  }

  /** Decides for a slot, if its primary bar closes now or its time has come; what it decided is in the verdict. */
  #decides(slot: Slot, atMs: number): boolean {
    if (slot.legs[0].stream.newestCloseMs !== atMs && !this.#waking.includes(slot)) return false;
    this.#verdict.clear();
    decideSlot({ state: this.#state, slot, atMs, verdict: this.#verdict });
    this.#state.seq++;
    for (const reason of this.#verdict.reasons) this.#count(reasonCode(reason));
    return true;
  }

  /** Follows the orders of the verdict from now on. */
  #track(slot: Slot): void {
    for (const { request, legIndex } of this.#verdict.orders)
      slot.orders.set(request.decisionId, trackOrder(request, legIndex));
  }

  #count(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  #decision(slot: Slot, atMs: number): SlotDecision {
    const { signal, sizes, cancels, orders, reasons } = this.#verdict;
    return {
      kind: 'slot',
      seq: this.#state.seq,
      atMs,
      slot: slot.setup.id,
      barOpenMs: slot.legs[0].stream.cursor.openMs(0),
      signal,
      sizes: [...sizes],
      cancels: cancels.map(({ request }) => request.decisionId),
      orders: orders.map(({ request }) => request),
      reasons: [...reasons],
    };
  }

  #take(event: Exclude<CoreEvent, { type: 'close' }>): void {
    switch (event.type) {
      case 'bar':
        return this.#stream(event.stream).push(event.bar);
      case 'fill':
        return takeFill(this.#state, event);
      case 'order':
        return takeOrder(this.#state, event);
      case 'regime':
        return this.#takeRegime(event);
      case 'quality':
        return this.#takeQuality(event);
      case 'params':
        return this.#takeParams(event);
      case 'trading_state':
        return this.#takeTradingState(event);
      case 'funding':
        this.#checkInstrument(event.instrument);
        return this.#state.books.fund(event.instrument, event.rate, event.markPrice);
      case 'split':
        this.#checkInstrument(event.instrument);
        return this.#state.books.split(event.instrument, event.numerator, event.denominator);
      case 'limits':
        return takeLimits(this.#state, event.limits);
      case 'stale':
        this.#stream(event.stream).stale = event.stale;
    }
  }

  #takeRegime({ stream, strategy, regime, missing }: Told<'regime'>): void {
    const state = this.#stream(stream);
    const told = { closeMs: state.newestCloseMs, regime, missing: regime ? null : (missing ?? 'none') };
    for (const slot of this.#state.slots) {
      if (slot.legs[0].stream !== state) continue;
      if (strategy === undefined || slot.setup.strategy.name === strategy) slot.toldRegime = told;
    }
  }

  #takeQuality({ stream, verdict, reasons }: Told<'quality'>): void {
    const state = this.#stream(stream);
    state.quality = verdict;
    state.qualityReasons = reasons;
  }

  #takeParams({ slot, params, missing }: Told<'params'>): void {
    const state = this.#slot(slot);
    if (state.params !== null && !mayRenewParams(state))
      throw new RangeError(`slot ${slot} keeps the parameters that it was entered with`);
    // What an inventory is to be reduced with stays until there are new ones.
    if (params !== null || isIdle(state)) setParams(state, params, params ? null : (missing ?? 'none'));
    state.paramsToldMs = state.legs[0].stream.newestCloseMs;
  }

  #takeTradingState({ scope, state }: Told<'trading_state'>): void {
    if (scope === 'firm') this.#state.firmState = state;
    else this.#slot(scope).tradingState = state;
  }

  #checkInstrument(instrument: string): void {
    if (!this.#state.instruments.includes(instrument))
      throw new RangeError(`there is no stream of ${instrument}`);
  }

  #stream(id: string): StreamState {
    const stream = this.#state.streams.get(id);
    if (!stream) throw new RangeError(`there is no stream ${id}`);
    return stream;
  }

  #slot(id: string): Slot {
    const slot = this.#state.slots.find(({ setup }) => setup.id === id);
    if (!slot) throw new RangeError(`there is no slot ${id}`);
    return slot;
  }
}

/** @throws RangeError for a close that does not come after the last, or after bars that were told of already. */
function checkClose({ closedMs, allStreams }: CoreState, atMs: number): void {
  if (!(atMs > closedMs)) throw new RangeError(`close ${atMs} must come after close ${closedMs}`);
  for (const { newestCloseMs, setup } of allStreams)
    if (newestCloseMs > atMs)
      throw new RangeError(`close ${atMs} comes after a bar of ${setup.id} that closed at ${newestCloseMs}`);
}
