import { Decimal, decimalText, wireText } from '../decimal.ts';
import { sum, type PositionState } from '../portfolio/index.ts';
import type { ClosedTrade } from './core-port.ts';

/** Fills of one direction taken together. Decimal text. */
interface FillSum {
  quantity: string;
  value: string;
  /** The price of the only fill so far; null once there were two at different prices. */
  price: string | null;
}

/** What is held and how it came about: everything that a closed trade tells once it is left. Plain data. */
export interface OpenTrade {
  readonly configId: string;
  readonly side: 'buy' | 'sell';
  readonly entryMs: number;
  readonly entries: FillSum;
  readonly exits: FillSum;
  /** The books before it. */
  readonly realisedBefore: string;
  readonly feesBefore: string;
  readonly fundingBefore: string;
}

export interface TradeStart {
  readonly configId: string;
  readonly side: 'buy' | 'sell';
  readonly entryMs: number;
}

/** Begins a trade over the position as it was before its first fill. */
export function openTrade(start: TradeStart, before: PositionState, fundingBefore: string): OpenTrade {
  return {
    ...start,
    entries: { quantity: '0', value: '0', price: null },
    exits: { quantity: '0', value: '0', price: null },
    realisedBefore: before.realisedPnl,
    feesBefore: before.fees,
    fundingBefore,
  };
}

export function addFill(total: FillSum, quantity: string, price: string): void {
  const value = decimalText(new Decimal(quantity).times(price));
  if (total.quantity === '0') {
    total.price = price;
    total.quantity = quantity;
    total.value = value;
    return;
  }
  if (total.price !== price) total.price = null;
  total.quantity = sum(total.quantity, quantity);
  total.value = sum(total.value, value);
}

/** What a closed trade tells besides what it is of. */
export type TradeOutcome = Omit<ClosedTrade, 'slot' | 'instrument'>;

/** The trade that ended with the position as it is now; `funding` is what the position was paid so far. */
export function closeTrade(
  trade: OpenTrade,
  after: PositionState,
  { exitMs, funding }: { readonly exitMs: number; readonly funding: string },
): TradeOutcome {
  const fees = new Decimal(after.fees).minus(trade.feesBefore);
  const pnl = new Decimal(after.realisedPnl)
    .minus(trade.realisedBefore)
    .minus(fees)
    .plus(new Decimal(funding).minus(trade.fundingBefore));
  return {
    configId: trade.configId,
    side: trade.side,
    quantity: trade.entries.quantity,
    entryMs: trade.entryMs,
    entryPrice: meanPrice(trade.entries),
    exitMs,
    exitPrice: meanPrice(trade.exits),
    fees: decimalText(fees),
    pnl: decimalText(pnl),
    reward: pnl.toNumber() / Number(trade.entries.value),
  };
}

/** Quantity-weighted, rounded to 12 places. */
function meanPrice({ quantity, value, price }: FillSum): string {
  return price ?? wireText(new Decimal(value).div(quantity));
}
