import type { PriceBar } from '@aistock/market';
import type { Bar } from '@aistock/shared';

/** A bar of a response as models read it. */
export function barFromWire({ open_ms, open, high, low, close, volume }: Bar): PriceBar {
  return {
    openMs: open_ms,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
  };
}
