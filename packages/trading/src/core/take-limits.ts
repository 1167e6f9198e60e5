import type { Limits } from '@aistock/shared';
import type { CoreState } from './core-state.ts';
import { instrumentRules } from './instruments/instrument-rules.ts';

/**
 * Trades by other limits from now on, and by their lot, tick and minimum, for orders are held to them. Of an instrument that
 * they do not name the rules of before stay: what is held can be left, and the gate denies what it does not know.
 */
export function takeLimits(state: CoreState, limits: Limits): void {
  state.limits = limits;
  for (const stream of state.allStreams) {
    const { instrument } = stream.setup;
    const own = Object.hasOwn(limits.instruments, instrument) ? limits.instruments[instrument] : undefined;
    if (!own) continue;
    const { lot_size, tick_size, notional_min } = own;
    stream.rules = instrumentRules([{ from_ms: 0, lot_size, tick_size, notional_min }]);
  }
}
