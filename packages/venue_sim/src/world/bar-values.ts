import { compareDecimal, type Bar } from '@aistock/market';
import { thousandthsOf } from './decimal-share.ts';

/**
 * A bar while it forms: the price goes from the open to the high, to the low, back to the open, and is at the close only
 * when the bar is.
 * @param share how much of the bar's time is over, in [0, 1).
 */
export function formingBar(bar: Bar, share: number): Bar {
  const { openMs, open } = bar;
  const reached = Math.floor(share * 4);
  const price = [open, bar.high, bar.low, open][reached] ?? open;
  return {
    openMs,
    open,
    high: reached >= 1 ? bar.high : open,
    low: reached >= 2 ? bar.low : open,
    close: price,
    volume: thousandthsOf(bar.volume, Math.floor(share * 1000)),
  };
}

/** The same bar as a venue restates it: another close inside its range, and more volume. Never equal to the bar. */
export function restatedBar(bar: Bar): Bar {
  const close = [bar.open, bar.high, bar.low].find((price) => compareDecimal(price, bar.close) !== 0);
  const volume = thousandthsOf(bar.volume, 1010);
  return {
    ...bar,
    close: close ?? bar.close,
    volume: compareDecimal(volume, bar.volume) > 0 ? volume : withOneMore(bar.volume),
  };
}

/** Where a hundredth more is lost to rounding, or of nothing. */
function withOneMore(volume: string): string {
  const [whole = '0', fraction] = volume.split('.');
  const more = String(BigInt(whole) + 1n);
  return fraction === undefined ? more : `${more}.${fraction}`;
}
