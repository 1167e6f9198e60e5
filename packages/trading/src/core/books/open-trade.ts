import { Decimal, decimalText, wireText } from '../../decimal.ts';
import { ZERO, type ExactFill, type ExactPosition } from '../../portfolio/index.ts';
import type { ClosedTrade } from '../core-port.ts';
import { takeLots, type ConfigLot } from './config-lots.ts';

/** Fills of one direction taken together. */
export interface FillSum {
  readonly quantity: Decimal;
  readonly value: Decimal;
  /** The only price so far; null once there were two. */
  readonly price: Decimal | null;
}

/** What is held and how it came about: everything that a closed trade tells once it is left. */
export interface OpenTrade {
  /** What of it was opened under which choice of parameters, oldest first; never empty. */
  readonly lots: readonly ConfigLot[];
  readonly side: 'buy' | 'sell';
  readonly entryMs: number;
  readonly entries: FillSum;
  readonly exits: FillSum;
  /** The books before it. */
  readonly realisedBefore: Decimal;
  readonly feesBefore: Decimal;
  readonly fundingBefore: Decimal;
}

/** Digits to which the parts of a trade are rounded; what is left over stays in the rest. */
const PIECE_PLACES = 24;
const NO_FILLS: FillSum = { quantity: ZERO, value: ZERO, price: null };

/** Begins a trade over the books as they were before its first fill. */
export function openTrade(
  start: Pick<OpenTrade, 'side' | 'entryMs'>,
  before: ExactPosition,
  fundingBefore: Decimal,
): OpenTrade {
  return {
    lots: [],
    side: start.side,
    entryMs: start.entryMs,
    entries: NO_FILLS,
    exits: NO_FILLS,
    realisedBefore: before.realisedPnl,
    feesBefore: before.fees,
    fundingBefore,
  };
}

export function addFill(total: FillSum, { quantity, value, price }: ExactFill): FillSum {
  if (total.quantity.isZero()) return { quantity, value, price };
  return {
    quantity: total.quantity.plus(quantity),
    value: total.value.plus(value),
    price: total.price?.eq(price) ? price : null,
  };
}

/** When a position was entered on average, by quantity, once a fill has added to it; Unix ms. */
export function meanEntryMs(
  { entryMs }: OpenTrade,
  before: ExactPosition,
  { quantity, atMs }: ExactFill & { readonly atMs: number },
): number {
  const share = quantity.div(before.quantity.abs().plus(quantity)).toNumber();
  return Math.round(entryMs + (atMs - entryMs) * share);
}

/** Books on both sides of a fill that closes a part of a position. */
interface PieceBooks {
  readonly before: ExactPosition;
  readonly after: ExactPosition;
  readonly funding: Decimal;
}

/**
 * Takes out of a trade what a fill closes of it, as a trade of its own: at the average cost, with its share by quantity of the
 * fees and the funding so far. The pieces of a position and its end add up to the whole.
 */
export function takePiece(
  trade: OpenTrade,
  fill: ExactFill & { readonly atMs: number },
  { before, after, funding }: PieceBooks,
): { readonly piece: TradeOutcome; readonly rest: OpenTrade } {
  const share = fill.quantity.div(before.quantity.abs());
  const partOf = (amount: Decimal) => amount.times(share).toDecimalPlaces(PIECE_PLACES);
  const entryFees = partOf(before.fees.minus(trade.feesBefore));
  const paid = partOf(funding.minus(trade.fundingBefore));
  const realised = after.realisedPnl.minus(before.realisedPnl);
  const cost = before.cost.minus(after.cost).abs();
  const entries = { quantity: fill.quantity, value: cost, price: trade.entries.price };
  const piece = {
    ...trade,
    entries,
    exits: addFill(NO_FILLS, fill),
    realisedBefore: before.realisedPnl,
    feesBefore: before.fees.minus(entryFees),
    fundingBefore: funding.minus(paid),
  };
  const { quantity, value, price } = trade.entries;
  const { taken, left } = takeLots(trade.lots, fill.quantity);
  return {
    piece: closeTrade({ ...piece, lots: taken }, after, { exitMs: fill.atMs, funding }),
    rest: {
      ...trade,
      lots: left,
      entries: { quantity: quantity.minus(partOf(quantity)), value: value.minus(partOf(value)), price },
      realisedBefore: trade.realisedBefore.plus(realised),
      feesBefore: trade.feesBefore.plus(entryFees).plus(fill.fee),
      fundingBefore: trade.fundingBefore.plus(paid),
    },
  };
}

/** What a closed trade tells besides what it is of, and which choices of parameters it was opened under. */
export interface TradeOutcome extends Omit<ClosedTrade, 'slot' | 'instrument' | 'configId'> {
  readonly lots: readonly ConfigLot[];
}

/** The trade that ended with the books as they are now. */
export function closeTrade(
  trade: OpenTrade,
  after: ExactPosition,
  { exitMs, funding }: { readonly exitMs: number; readonly funding: Decimal },
): TradeOutcome {
  const fees = after.fees.minus(trade.feesBefore);
  const pnl = after.realisedPnl
    .minus(trade.realisedBefore)
    .minus(fees)
    .plus(funding.minus(trade.fundingBefore));
  return {
    lots: trade.lots,
    side: trade.side,
    quantity: decimalText(trade.entries.quantity),
    entryMs: trade.entryMs,
    entryPrice: meanPrice(trade.entries),
    exitMs,
    exitPrice: meanPrice(trade.exits),
    fees: decimalText(fees),
    pnl: decimalText(pnl),
    reward: pnl.toNumber() / trade.entries.value.toNumber(),
  };
}

/**
 * What a closed trade tells of each choice of parameters that it was opened under: its share by quantity. They earned alike, for
 * what is held has one average price; the last takes what rounding leaves.
 */
export function tradesByChoice({
  lots,
  ...whole
}: TradeOutcome): readonly Omit<ClosedTrade, 'slot' | 'instrument'>[] {
  const of = lots.filter(({ quantity }) => !quantity.isZero());
  if (of.length <= 1) return [{ configId: (of[0] ?? lots[0]!).configId, ...whole }];
  const total = of.reduce((sum, { quantity }) => sum.plus(quantity), ZERO);
  const left = {
    quantity: new Decimal(whole.quantity),
    fees: new Decimal(whole.fees),
    pnl: new Decimal(whole.pnl),
  };
  return of.map(({ configId, quantity }, index) => {
    const take = (name: keyof typeof left): string => {
      const share = new Decimal(whole[name]).times(quantity).div(total).toDecimalPlaces(PIECE_PLACES);
      const taken = index === of.length - 1 ? left[name] : share;
      left[name] = left[name].minus(taken);
      return decimalText(taken);
    };
    return { configId, ...whole, quantity: take('quantity'), fees: take('fees'), pnl: take('pnl') };
  });
}

/** Quantity-weighted, rounded to 12 places. */
function meanPrice({ quantity, value, price }: FillSum): string {
  return price ? decimalText(price) : wireText(value.div(quantity));
}
