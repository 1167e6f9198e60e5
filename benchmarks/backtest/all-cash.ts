import type { FillRule } from '@aistock/trading/backtest';
import { Decimal } from 'decimal.js';

const PLACES = 12;
const Money = Decimal.clone({ precision: 60 });

/** All the cash at the open, fee included; what leaves leaves whole. */
export function allCash(feeShare: string): FillRule {
  const fee = new Money(feeShare);
  const perUnit = fee.plus(1);
  return ({ reduceOnly, quantity: asked }, { open }, { cash }) => {
    const quantity = reduceOnly
      ? new Money(asked)
      : new Money(cash).div(perUnit.times(open)).toDecimalPlaces(PLACES, Decimal.ROUND_DOWN);
    const notional = quantity.times(open);
    return {
      quantity: quantity.toFixed(),
      price: open,
      fee: notional.times(fee).toDecimalPlaces(PLACES).toFixed(),
    };
  };
}
