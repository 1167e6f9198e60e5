import type { Bar } from '@aistock/market';
import type { Bar as WireBar, Client, dataIngesterApi } from '@aistock/shared';

const BARS_PER_PAGE = 5_000;

type Ingester = Pick<Client<typeof dataIngesterApi>, 'bars'>;

/** Bars of a stream that opened from `fromMs` on and had closed by `asOfMs`, ascending, a page at a time. */
export async function* barPages(
  ingester: Ingester,
  stream: string,
  { fromMs, asOfMs }: { readonly fromMs: number; readonly asOfMs: number },
): AsyncGenerator<Bar[], void> {
  let next: number | null = fromMs;
  while (next !== null) {
    const page: { bars: WireBar[]; next_from_ms: number | null } = await ingester.bars({
      query: {
        stream,
        from_ms: String(next),
        as_of_ms: String(asOfMs),
        limit: String(BARS_PER_PAGE),
      },
    });
    if (page.bars.length > 0) yield page.bars.map(toBar);
    if (page.next_from_ms !== null && page.next_from_ms <= next) {
      throw new Error(`the pages of ${stream} do not move on from ${next}`);
    }
    next = page.next_from_ms;
  }
}

/** The newest bar of a stream that had closed by `asOfMs`. */
export async function newestBar(
  ingester: Ingester,
  stream: string,
  asOfMs: number,
): Promise<Bar | undefined> {
  const { bars } = await ingester.bars({
    query: { stream, as_of_ms: String(asOfMs), newest: 'true', limit: '1' },
  });
  const bar = bars.at(-1);
  return bar && toBar(bar);
}

function toBar({ open_ms, ...prices }: WireBar): Bar {
  return { openMs: open_ms, ...prices };
}
