import { chanceAt, pickAt } from '@aistock/shared';

/** How prices move for a while: shares of the price a minute. */
interface Regime {
  readonly drift: number;
  readonly volatility: number;
  readonly lots: number;
}

const REGIMES: readonly Regime[] = [
  { drift: 0, volatility: 0.0004, lots: 400_000 },
  { drift: 0.000_03, volatility: 0.0007, lots: 900_000 },
  { drift: -0.000_035, volatility: 0.0009, lots: 1_000_000 },
  { drift: 0, volatility: 0.0022, lots: 3_000_000 },
];
const SWITCH_CHANCE = 1 / 600;
/** A minute's pull back to the first price, which keeps a long series near it. */
const PULL = 0.000_004;
/** Prices stay between the first one divided and multiplied by this. */
const RANGE = 20;

const LANE = { switch: 0, regime: 1, move: 2, wickUp: 6, wickDown: 7, lots: 8 } as const;
const MOVE_DRAWS = 4;

export interface WalkTerms {
  readonly seed: number;
  /** The first price, in ticks. */
  readonly firstTicks: number;
  /** How long a bar lasts. */
  readonly minutes: number;
}

/** Where the walk stands before a bar: all that the bar depends on besides its number. */
export interface WalkState {
  readonly ticks: number;
  readonly regime: number;
}

/** Prices in ticks, volume in lots: whole numbers. */
export interface TickBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly lots: number;
}

/** The bar with this number, and where the walk stands after it. */
export function stepWalk(
  terms: WalkTerms,
  { ticks, regime }: WalkState,
  index: number,
): [TickBar, WalkState] {
  const { seed, firstTicks } = terms;
  const draw = (lane: number): number => chanceAt(seed, lane, index);
  const next =
    draw(LANE.switch) < SWITCH_CHANCE * terms.minutes
      ? pickAt(REGIMES.length, seed, LANE.regime, index)
      : regime;
  const { drift, volatility, lots } = REGIMES[next]!;
  const spread = volatility * Math.sqrt(terms.minutes);
  const deviation = normal(draw);
  const pull = PULL * terms.minutes * (firstTicks - ticks);
  const move = Math.round(ticks * (drift * terms.minutes + spread * deviation) + pull);
  const close = Math.round(
    Math.min(Math.max(ticks + move, Math.ceil(firstTicks / RANGE)), firstTicks * RANGE),
  );
  const high = Math.max(ticks, close) + Math.floor(ticks * spread * draw(LANE.wickUp));
  const low = Math.max(1, Math.min(ticks, close) - Math.floor(ticks * spread * draw(LANE.wickDown)));
  const traded = Math.floor(lots * (0.2 + draw(LANE.lots)) * (0.5 + Math.abs(deviation))) + 1;
  return [
    { open: ticks, high, low, close, lots: traded },
    { ticks: close, regime: next },
  ];
}

/** Nearly normal, variance 1: the sum of four uniform draws, of variance 1/12 each. No function that may round elsewhere. */
function normal(draw: (lane: number) => number): number {
  let sum = 0;
  for (let each = 0; each < MOVE_DRAWS; each++) sum += draw(LANE.move + each);
  return (sum - MOVE_DRAWS / 2) * Math.sqrt(12 / MOVE_DRAWS);
}
