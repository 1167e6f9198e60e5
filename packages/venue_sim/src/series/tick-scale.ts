import { normaliseDecimal } from '@aistock/market';

const DECIMALS_MAX = 8;

/** Prices as whole numbers of ticks, and back as exact text. */
export interface TickScale {
  /** @throws RangeError where the price is not a positive multiple of the tick size. */
  readonly ticksOf: (price: string) => number;
  readonly textOf: (ticks: number) => string;
}

/** @param tickSize such as `0.01` or `0.25`, at most 8 decimals. @throws RangeError */
export function tickScale(tickSize: string): TickScale {
  const size = normaliseDecimal(tickSize);
  const decimals = size.split('.')[1]?.length ?? 0;
  const unit = 10 ** decimals;
  const step = Math.round(Number(size) * unit);
  if (decimals > DECIMALS_MAX || !Number.isSafeInteger(step) || step < 1)
    throw new RangeError(`a tick size must be positive with at most ${DECIMALS_MAX} decimals, got ${size}`);
  return {
    ticksOf: (price) => {
      const ticks = Math.round((Number(price) * unit) / step);
      if (!(ticks >= 1) || textOf(ticks, { step, unit, decimals }) !== normaliseDecimal(price))
        throw new RangeError(`a price must be a positive multiple of ${size}, got ${price}`);
      return ticks;
    },
    textOf: (ticks) => textOf(ticks, { step, unit, decimals }),
  };
}

interface Unit {
  readonly step: number;
  readonly unit: number;
  readonly decimals: number;
}

/** In the spelling of `normaliseDecimal`: no idle zeros. */
function textOf(ticks: number, { step, unit, decimals }: Unit): string {
  const units = ticks * step;
  const whole = Math.floor(units / unit);
  const rest = units % unit;
  if (rest === 0) return String(whole);
  return `${whole}.${String(rest).padStart(decimals, '0').replace(/0+$/, '')}`;
}
