import { toWire } from '@aistock/trading/portfolio';
import type { SessionState } from '@aistock/shared';
import { verdictOf } from './read-line.ts';
import { hasNoStop } from './no-stop.ts';
import type { SessionRun } from './session-run.ts';

/** Where a session stands, for people. */
export function sessionState({ state, terms, lastLines }: SessionRun): SessionState {
  const { quality, restrictions, stale } = state;
  const { cash, equity, positions, drawdown, isDrawdownStopped } = state.core.books;
  return {
    cash: toWire(cash),
    equity: equity === null ? null : toWire(equity),
    drawdown,
    drawdown_stopped: isDrawdownStopped,
    positions: positions
      .filter(({ position }) => position.quantity !== '0')
      .map((held) => ({
        slot: held.slot,
        instrument: held.instrument,
        quantity: held.position.quantity,
        average_price: held.position.averagePrice,
        stop_missing: hasNoStop(held, state.tracker.open),
      })),
    working_orders: state.tracker.open.map(({ request, orderId, own }) => ({
      decision_id: request.decisionId,
      order_id: orderId,
      slot: request.slot,
      instrument: request.instrument,
      leg: request.leg,
      side: request.side,
      order_type: request.type,
      quantity: request.quantity,
      status: own.status ?? 'PENDING',
    })),
    streams: terms.streams.map(({ id }) => {
      const known = quality.get(id);
      return {
        stream: id,
        last_open_ms: state.newestOpenMs(id) ?? null,
        stale: stale.has(id),
        quality: known ? { verdict: known.verdict, reasons: [...known.reasons] } : null,
      };
    }),
    restricted: [...restrictions.values()].flatMap(({ scope, state: level, reason }) =>
      level === 'active' ? [] : [{ scope, state: level, reason }],
    ),
    last_decisions: [...lastLines.values()].flatMap((line) => verdictOf(line) ?? []),
    outcomes_waiting: state.outcomes.due.length,
    decision_log_sha256: state.logSha256,
  };
}
