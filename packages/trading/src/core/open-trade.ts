import { decimalText, wireText, type Decimal } from '../decimal.ts';
import { ZERO, type ExactFill, type ExactPosition } from '../portfolio/index.ts';
import type { ClosedTrade } from './core-port.ts';

/** Fills of one direction taken together. */
export interface FillSum {
  readonly quantity: Decimal;
  readonly value: Decimal;
  /** The only price so far; null once there were two. */
  readonly price: Decimal | null;
}

/** What is held and how it came about: everything that a closed trade tells once it is left. */
export interface OpenTrade {
  readonly configId: string;
  readonly side: 'buy' | 'sell';
  readonly entryMs: number;
  readonly entries: FillSum;
  readonly exits: FillSum;
  /** The books before it. */
  readonly realisedBefore: Decimal;
  readonly feesBefore: Decimal;
  readonly fundingBefore: Decimal;
}

const NO_FILLS: FillSum = { quantity: ZERO, value: ZERO, price: null };

/** Begins a trade over the books as they were before its first fill. */
export function openTrade(
  start: Pick<OpenTrade, 'configId' | 'side' | 'entryMs'>,
  before: ExactPosition,
  fundingBefore: Decimal,
): OpenTrade {
  return {
    configId: start.configId,
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

/** What a closed trade tells besides what it is of. */
export type TradeOutcome = Omit<ClosedTrade, 'slot' | 'instrument'>;

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
    configId: trade.configId,
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

/** Quantity-weighted, rounded to 12 places. */
function meanPrice({ quantity, value, price }: FillSum): string {
  return wireText(price ?? value.div(quantity));
}
