import { Decimal, decimalText } from '../../decimal.ts';
import { exactPosition, positionState } from '../../portfolio/index.ts';
import type { LegBook } from '../books/leg-book.ts';
import type { FillSum, OpenTrade } from '../books/open-trade.ts';
import type { LegSnapshot } from './snapshot-schema.ts';

type BookSnapshot = LegSnapshot['book'];
type TradeSnapshot = NonNullable<BookSnapshot['trade']>;
type SumSnapshot = TradeSnapshot['entries'];

/** The books of a leg as text. */
export function bookSnapshot({ position, funding, trade }: LegBook): BookSnapshot {
  return {
    position: positionState(position),
    funding: decimalText(funding),
    trade: trade && tradeSnapshot(trade),
  };
}

export function restoreBook(book: LegBook, { position, funding, trade }: BookSnapshot): void {
  book.position = exactPosition(position);
  book.funding = new Decimal(funding);
  book.trade = trade && tradeFrom(trade);
}

function tradeSnapshot(trade: OpenTrade): TradeSnapshot {
  return {
    ...trade,
    lots: trade.lots.map((lot) => ({ ...lot, quantity: decimalText(lot.quantity) })),
    entries: sumSnapshot(trade.entries),
    exits: sumSnapshot(trade.exits),
    realisedBefore: decimalText(trade.realisedBefore),
    feesBefore: decimalText(trade.feesBefore),
    fundingBefore: decimalText(trade.fundingBefore),
  };
}

function tradeFrom(trade: TradeSnapshot): OpenTrade {
  return {
    ...trade,
    lots: trade.lots.map((lot) => ({ ...lot, quantity: new Decimal(lot.quantity) })),
    entries: sumFrom(trade.entries),
    exits: sumFrom(trade.exits),
    realisedBefore: new Decimal(trade.realisedBefore),
    feesBefore: new Decimal(trade.feesBefore),
    fundingBefore: new Decimal(trade.fundingBefore),
  };
}

function sumSnapshot({ quantity, value, price }: FillSum): SumSnapshot {
  return { quantity: decimalText(quantity), value: decimalText(value), price: price && decimalText(price) };
}

function sumFrom({ quantity, value, price }: SumSnapshot): FillSum {
  return {
    quantity: new Decimal(quantity),
    value: new Decimal(value),
    price: price === null ? null : new Decimal(price),
  };
}
