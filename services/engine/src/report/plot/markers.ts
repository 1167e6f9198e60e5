import { type Frame, minute, price, signedPercent } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ClosedTrade } from '@aistock/trading/core';

/** More marks are drawn as one picture without words of their own. */
const TOLD_MAX = 300;
const SIZE = 4.5;
const SIZE_CROWDED = 2.6;

interface Mark {
  readonly kind: 'buy' | 'sell';
  readonly x: number;
  readonly y: number;
  readonly told: string;
}

/**
 * Where trades bought and sold, as triangles that point up and down, so that shape tells what colour does. Of marks of one
 * kind in one column of pixels one is drawn.
 */
export function tradeMarks(frame: Frame, trades: readonly ClosedTrade[]): Html {
  const places = new Map<string, Mark>();
  for (const trade of trades)
    for (const mark of marksOf(frame, trade)) places.set(`${mark.kind} ${Math.round(mark.x)}`, mark);
  const marks = [...places.values()];
  if (marks.length <= TOLD_MAX)
    return html`${marks.map((mark) => html`<path class="${mark.kind}" d="${triangle(mark, SIZE)}"><title>${mark.told}</title></path>`)}`;
  return html`${(['buy', 'sell'] as const).map((kind) => {
    const shapes = marks.filter((mark) => mark.kind === kind).map((mark) => triangle(mark, SIZE_CROWDED));
    return html`<path class="${kind}" d="${shapes.join('')}" />`;
  })}`;
}

function marksOf(frame: Frame, trade: ClosedTrade): Mark[] {
  const { side, entryMs, entryPrice, exitMs, exitPrice, quantity, reward } = trade;
  const mark = (kind: 'buy' | 'sell', atMs: number, at: string, told: string): Mark => ({
    kind,
    x: frame.x(atMs),
    y: frame.y(Number(at)),
    told,
  });
  const other = side === 'buy' ? 'sell' : 'buy';
  return [
    mark(
      side,
      entryMs,
      entryPrice,
      `in: ${side} ${quantity} at ${price(entryPrice)}, ${minute(entryMs)} UTC`,
    ),
    mark(
      other,
      exitMs,
      exitPrice,
      `out: ${other} ${quantity} at ${price(exitPrice)}, ${minute(exitMs)} UTC, ${signedPercent(reward, 2)}`,
    ),
  ];
}

/** Below the price and pointing up for a purchase, above it and pointing down for a sale. */
function triangle({ kind, x, y }: Mark, size: number): string {
  const sign = kind === 'buy' ? 1 : -1;
  const [tip, base] = [y + 2 * sign, y + 2 * size * sign];
  return `M${tenths(x)} ${tenths(tip)}L${tenths(x - size)} ${tenths(base)}H${tenths(x + size)}Z`;
}

function tenths(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}
