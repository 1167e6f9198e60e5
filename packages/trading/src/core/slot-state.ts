import { TIMEFRAME_MS } from '@aistock/market';
import { KELLY_START, type KellyState } from '../sizing/index.ts';
import type { Holding, LegView, StrategyContext } from '../strategies/index.ts';
import type { TradingState } from './events.ts';
import { LegBook } from './books/leg-book.ts';
import type { SlotParams, SlotSetup } from './setup.ts';
import type { ToldRegime } from './slot-regime.ts';
import type { StreamState } from './stream-state.ts';
import { isProtecting, isWorking, type TrackedOrder } from './books/tracked-order.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One instrument of a slot. */
export interface Leg {
  readonly index: number;
  readonly stream: StreamState;
  readonly book: LegBook;
  /** Open time of the bar in which it was entered, Unix ms; null while flat, and until that bar's close. */
  entryMs: number | null;
  barsHeld: number;
  /** Whether what it holds is more than dust; as of the last decision or fill. */
  isHeld: boolean;
  /** Whether the stop behind what it holds has ended without leaving it. */
  isStopLost: boolean;
  /** What the strategy is shown of it; one object, changed in place. */
  readonly view: Mutable<LegView>;
  readonly holding: Mutable<Holding>;
}

/** A strategy on its instruments, where it stands. */
export interface Slot {
  readonly setup: SlotSetup;
  readonly legs: readonly [Leg, ...Leg[]];
  readonly context: Mutable<StrategyContext>;
  /** The newest word about the regime of its primary stream; null before the first. */
  toldRegime: ToldRegime | null;
  params: SlotParams | null;
  /** Why there are none; null where there are. */
  paramsMissing: string | null;
  /** Whether a trade was closed with them: the next one asks for new ones. */
  paramsSpent: boolean;
  /** The close of the newest bar when something was told of them last, Unix ms. */
  paramsToldMs: number;
  /** Bars that the strategy looks back on with them. */
  lookback: number;
  /** Orders that work or protect, by decision id; and a bounded number that ended, whose fills may be told late. */
  readonly orders: Map<string, TrackedOrder>;
  readonly ended: Map<string, TrackedOrder>;
  /** Whether selection lets it enter. */
  isEnabled: boolean;
  tradingState: TradingState;
  /** Its record of closed trades. */
  kelly: KellyState;
  /** What the legs that were left earned, and cost at entry, while others of the same bet are held; null where none is. */
  legsClosed: { readonly pnl: number; readonly cost: number } | null;
  lastEntryMs: number | null;
  /** Which session the entries are counted in. */
  session: number | null;
  entriesInSession: number;
}

/** Ended orders that a slot keeps, for fills that are told after the end. */
const ENDED_ORDERS_KEPT = 64;

export function createSlot(setup: SlotSetup, streams: readonly StreamState[]): Slot {
  const [first, ...others] = streams.map(createLeg);
  if (!first) throw new RangeError(`slot ${setup.id} has no stream`);
  const legs: [Leg, ...Leg[]] = [first, ...others];
  const [firstView, ...otherViews] = legs.map(({ view }) => view);
  return {
    setup,
    legs,
    context: {
      legs: [firstView!, ...otherViews],
      regime: undefined,
      params: {},
      equity: null,
      barMs: TIMEFRAME_MS[first.stream.setup.timeframe],
    },
    toldRegime: null,
    params: null,
    paramsMissing: 'none',
    paramsSpent: false,
    paramsToldMs: -Infinity,
    lookback: 1,
    orders: new Map(),
    ended: new Map(),
    isEnabled: true,
    tradingState: 'active',
    kelly: KELLY_START,
    legsClosed: null,
    lastEntryMs: null,
    session: null,
    entriesInSession: 0,
  };
}

function createLeg(stream: StreamState, index: number): Leg {
  return {
    index,
    stream,
    book: new LegBook(),
    entryMs: null,
    barsHeld: 0,
    isHeld: false,
    isStopLost: false,
    view: {
      instrument: stream.setup.instrument,
      bars: stream.cursor,
      position: undefined,
      get rules() {
        const rules = stream.rulesAt(stream.newestCloseMs);
        return rules ? { lotSize: Number(rules.lotSize), notionalMin: Number(rules.notionalMin) } : null;
      },
    },
    holding: { entryMs: 0, entryPrice: 0, quantity: 0, barsHeld: 0 },
  };
}

/** Files an order under what works or protects, or under what ended; a fill that is told late may bring it back. */
export function fileOrder(slot: Slot, order: TrackedOrder): void {
  const { decisionId } = order.request;
  if (isWorking(order) || isProtecting(order)) {
    if (slot.ended.delete(decisionId)) slot.orders.set(decisionId, order);
    return;
  }
  if (!slot.orders.delete(decisionId)) return;
  slot.ended.set(decisionId, order);
  if (slot.ended.size <= ENDED_ORDERS_KEPT) return;
  for (const oldest of slot.ended.keys()) {
    slot.ended.delete(oldest);
    return;
  }
}

/** Whether the slot holds nothing and nothing that it asked for may still fill. */
export function isIdle(slot: Slot): boolean {
  if (slot.orders.size > 0) return false;
  for (const leg of slot.legs) if (leg.isHeld) return false;
  return true;
}

/** Sets the parameters that the slot trades with. */
export function setParams(slot: Slot, params: SlotParams | null, missing: string | null): void {
  slot.params = params;
  slot.paramsMissing = missing;
  slot.paramsSpent = false;
  slot.lookback = params ? slot.setup.strategy.lookbackBars(params.params) : 1;
  slot.context.params = params?.params ?? {};
}
