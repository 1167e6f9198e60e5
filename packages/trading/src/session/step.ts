import type { OrderIntent } from '@aistock/shared';
import { decisionId } from '../orders/index.ts';
import { Decimal, decimalText } from '../decimal.ts';
import type { Signal } from '../strategies/index.ts';
import { decisionLine } from './decision-line.ts';
import { entryQuantity } from './entry-quantity.ts';
import type { Decision, SessionSetup, StepInput, StreamQuality } from './step-input.ts';
import { advanceState, holdingOf, isFlat, type SessionState } from './session-state.ts';

export interface StepOutput {
  readonly state: SessionState;
  readonly signal: Signal | undefined;
  /** Why an entry that was signalled is not made, where that is for the stream's quality; else undefined. */
  readonly withheld: Decision['withheld'];
  /** What to send, for the next bar's open. */
  readonly intents: readonly OrderIntent[];
  /** The line of the decision log: canonical JSON without random ids, equal wherever the same bar is decided. */
  readonly line: string;
}

/** One bar of a session. Backtest, paper and live trading all decide here and nowhere else. */
export function step(setup: SessionSetup, before: SessionState, input: StepInput): StepOutput {
  const state = advanceState(before, input.bar.openMs, input.position);
  const decision = decide(setup, state, input);
  return {
    state,
    signal: decision.signal,
    withheld: decision.withheld,
    intents: intentsOf(decision, setup, input),
    line: decisionLine(setup, input, { state, decision }),
  };
}

function decide(setup: SessionSetup, state: SessionState, input: StepInput): Decision {
  const { bars, config, position, regime } = input;
  if (!config) return { note: 'no_params' };
  const { params } = config;
  if (bars.length < setup.strategy.lookbackBars(params)) return { note: 'warming_up' };
  const signal = setup.strategy.decide({ bars, regime, params, position: holdingOf(state, position) });
  if (!signal) return { note: null };
  if (signal.action === 'enter_long') return enter(signal, setup, input);
  if (isFlat(position)) return { signal, note: 'nothing_to_exit' };
  return {
    signal,
    order: { leg: 'exit', side: 'sell', quantity: decimalText(new Decimal(position.quantity)) },
    note: signal.reason,
  };
}

function enter(
  signal: Extract<Signal, { action: 'enter_long' }>,
  setup: SessionSetup,
  { bar, equity, position, quality, working }: StepInput,
): Decision {
  if (!isFlat(position)) return { signal, note: 'already_entered' };
  if (working) return { signal, note: 'order_working' };
  const withheld = WITHHELD[quality];
  if (withheld !== undefined) return { signal, withheld, note: withheld };
  if (equity === null) return { signal, note: 'equity_unknown' };
  const quantity = entryQuantity(equity, signal.equityFraction, bar.close, setup.lotSize);
  if (quantity === undefined) return { signal, note: 'size_below_lot' };
  return { signal, order: { leg: 'entry', side: 'buy', quantity }, note: signal.reason };
}

const WITHHELD: Readonly<Record<StreamQuality, Decision['withheld']>> = {
  pass: undefined,
  warn: undefined,
  block: 'stream_blocked',
  unknown: 'quality_unknown',
};

function intentsOf({ order }: Decision, setup: SessionSetup, input: StepInput): OrderIntent[] {
  if (!order || !input.config) return [];
  const { account, instrument, stream, strategy } = setup;
  const barOpenMs = input.bar.openMs;
  return [
    {
      decision_id: decisionId({ account, slot: strategy.name, strategy: strategy.name, instrument, stream, barOpenMs, leg: order.leg }),
      account,
      strategy: strategy.name,
      instrument,
      stream,
      leg: order.leg,
      config_id: input.config.configId,
      side: order.side,
      order_type: 'market',
      quantity: order.quantity,
      limit_price: null,
      time_in_force: 'gtc',
      reduce_only: order.leg === 'exit',
      bar_open_ms: barOpenMs,
      as_of_ms: input.closeMs,
    },
  ];
}
