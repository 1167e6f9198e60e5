import { Decimal } from '../../decimal.ts';
import type { FillCosts } from '../../fills/index.ts';
import { ZERO } from '../../portfolio/index.ts';
import { feeCost, gain, modelFee, type DayFill, type Lot } from './day-fill.ts';

/** By how much one order's fills came out better than the backtest's fills of the same order, in the account's currency. */
export interface FillParts {
  /** Charged otherwise than the cost model does. */
  readonly fee: Decimal;
  /** Another price in the same bar, or a quantity that only one of them filled. */
  readonly fill: Decimal;
  /** In another bar. */
  readonly timing: Decimal;
}

/** The same quantity of both; only one of them where the other did not fill it. */
interface Piece {
  readonly kind: 'fill' | 'timing';
  readonly live: Lot | undefined;
  readonly model: Lot | undefined;
}

interface Open {
  readonly fill: DayFill;
  left: Decimal;
}

/**
 * Splits the difference between the live fills of an order and a backtest's fills of it. Quantity that filled in the same bar
 * is compared there, oldest first; what is left of both filled in other bars and is `timing`; what only one of them filled is
 * `fill`. Each piece takes along what its other price does to the model's fee; `fee` is the rest of the difference, so that
 * the three come to the whole exactly.
 * @param mark what a unit is worth in the end.
 */
export function splitFills(
  live: readonly DayFill[],
  model: readonly DayFill[],
  { mark, costs }: { readonly mark: Decimal; readonly costs: FillCosts },
): FillParts {
  const parts = { fee: ZERO, fill: ZERO, timing: ZERO };
  const [any] = [...live, ...model];
  if (!any) return parts;
  const { side } = any;
  const liquidity = model[0]?.liquidity ?? 'taker';
  let fees = ZERO;
  for (const piece of piecesOf(live, model)) {
    const gained = (lot: Lot | undefined) => (lot ? gain(side, lot, mark) : ZERO);
    const charged = (lot: Lot | undefined) => (lot ? modelFee(costs, { side, liquidity }, lot, mark) : ZERO);
    const fee = charged(piece.live).minus(charged(piece.model));
    fees = fees.plus(fee);
    parts[piece.kind] = parts[piece.kind].plus(gained(piece.live).minus(gained(piece.model)).minus(fee));
  }
  const paid = (fills: readonly DayFill[]) =>
    fills.reduce((total, fill) => total.plus(feeCost(fill, mark)), ZERO);
  parts.fee = paid(model).minus(paid(live)).plus(fees);
  return parts;
}

function piecesOf(live: readonly DayFill[], model: readonly DayFill[]): Piece[] {
  const pieces: Piece[] = [];
  const [ours, theirs] = [live.map(open), model.map(open)];
  for (const { fill } of theirs) {
    const inBar = ({ fill: { barOpenMs } }: Open) => barOpenMs === fill.barOpenMs;
    pair(ours.filter(inBar), theirs.filter(inBar), (piece) => pieces.push({ kind: 'fill', ...piece }));
  }
  pair(ours, theirs, (piece) => pieces.push({ kind: 'timing', ...piece }));
  for (const rest of ours)
    if (rest.left.gt(0)) pieces.push({ kind: 'fill', live: lotOf(rest, rest.left), model: undefined });
  for (const rest of theirs)
    if (rest.left.gt(0)) pieces.push({ kind: 'fill', live: undefined, model: lotOf(rest, rest.left) });
  return pieces;
}

/** Takes equal quantities off both, oldest first, until one of them has nothing left. */
function pair(
  ours: readonly Open[],
  theirs: readonly Open[],
  told: (piece: { readonly live: Lot; readonly model: Lot }) => void,
): void {
  for (const our of ours)
    for (const their of theirs) {
      const quantity = Decimal.min(our.left, their.left);
      if (quantity.lte(0)) continue;
      told({ live: lotOf(our, quantity), model: lotOf(their, quantity) });
      our.left = our.left.minus(quantity);
      their.left = their.left.minus(quantity);
    }
}

const open = (fill: DayFill): Open => ({ fill, left: new Decimal(fill.quantity) });
const lotOf = ({ fill }: Open, quantity: Decimal): Lot => ({ quantity, price: new Decimal(fill.price) });
