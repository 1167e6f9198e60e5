import type { Bar } from '@aistock/market';
import { z } from 'zod';
import { SourceError } from '../bar-source.ts';
import { barValue } from '../bar-value.ts';
import { readAs } from '../http/web-client.ts';

const Value = z.string().nullish();
const BarsPage = z.object({
  bars: z.record(
    z.string(),
    z.array(
      z.object({
        t: z.iso.datetime({ offset: true }),
        o: Value,
        h: Value,
        l: Value,
        c: Value,
        v: Value,
      }),
    ),
  ),
  next_page_token: z.string().nullish(),
});

export interface BarsPage {
  readonly bars: readonly Bar[];
  /** What to ask the next page with; undefined where this is the last. */
  readonly nextToken: string | undefined;
}

/**
 * The bars of one symbol of a page, from JSON whose numbers are text. Trade counts and average prices are passed over.
 * @throws SourceError `malformed_data`, also where there are bars of other symbols only.
 */
export function readBarsPage(body: unknown, symbol: string): BarsPage {
  const page = readAs(BarsPage, body, 'alpaca');
  const symbols = Object.keys(page.bars);
  if (symbols.length > 0 && !symbols.includes(symbol))
    throw new SourceError('malformed_data', `alpaca was asked for ${symbol} and gave ${symbols[0]}`);
  const bars = (page.bars[symbol] ?? []).map(({ t, o, h, l, c, v }): Bar => {
    const openMs = Date.parse(t);
    return {
      openMs,
      open: barValue(o, openMs),
      high: barValue(h, openMs),
      low: barValue(l, openMs),
      close: barValue(c, openMs),
      volume: barValue(v, openMs),
    };
  });
  return { bars, nextToken: page.next_page_token || undefined };
}
