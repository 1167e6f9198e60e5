import type { Exchange } from 'ccxt';
import { SourceError } from '../bar-source.ts';
import { cautiousClock } from '../http/cautious-clock.ts';
import type { RecordingHttp } from '../http/recording-http.ts';
import type { Ask } from './ask.ts';
import type { KnownMarkets } from './known-markets.ts';

interface ClockParts {
  readonly exchange: Exchange;
  readonly ask: Ask;
  readonly markets: KnownMarkets;
  readonly http: RecordingHttp;
  /** Our own clock, Unix ms UTC. */
  readonly nowMs: () => number;
}

/** The clock of an exchange, Unix ms UTC: what it says when it is asked, else the Date headers of its answers. */
export function exchangeClock({ exchange, ask, markets, http, nowMs }: ClockParts): () => Promise<number> {
  const clock = cautiousClock(nowMs);
  return async () => {
    if (exchange.has['fetchTime'] !== true) {
      await markets.load();
      return http.serverClockMs() ?? nowMs();
    }
    do {
      const saidMs = await ask('asking the time', () => exchange.fetchTime());
      if (saidMs === undefined) throw new SourceError('malformed_data', `${exchange.id} told no time`);
      clock.hear(saidMs);
    } while (!clock.isSure());
    return clock.toldMs() ?? nowMs();
  };
}
