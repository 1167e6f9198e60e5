import type { ClosingBars, StreamBar } from './session-run.ts';

/**
 * Bars of several streams by the time at which they close, and of one time in the order of their streams. Each source tells
 * its bars in ascending order; no more than one bar of each is held.
 */
export async function* mergeBars(
  sources: readonly AsyncIterator<StreamBar, void>[],
): AsyncGenerator<ClosingBars, void> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    const atMs = Math.min(...heads.map((head) => (head.done ? Infinity : head.value.closeMs)));
    if (atMs === Infinity) return;
    const bars: StreamBar[] = [];
    for (const [index, source] of sources.entries())
      for (let head = heads[index]!; !head.done && head.value.closeMs === atMs; head = heads[index]!) {
        bars.push(head.value);
        heads[index] = await source.next();
      }
    yield { atMs, bars };
  }
}
