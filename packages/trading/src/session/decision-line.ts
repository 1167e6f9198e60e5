import { canonicalJson } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { isFlat, type SessionState } from './session-state.ts';
import type { Decision, SessionSetup, StepInput } from './step-input.ts';

/**
 * What was known and what was decided at a bar's close, as canonical JSON. The account and the ids that come from outside
 * (config, order) are left out, so that a backtest, a paper session and a live one say the same of the same bar.
 */
export function decisionLine(
  setup: SessionSetup,
  input: StepInput,
  { state, decision }: { state: SessionState; decision: Decision },
): string {
  const { features, position, regime } = input;
  return canonicalJson({
    action: decision.signal?.action ?? 'hold',
    bar_open_ms: input.bar.openMs,
    equity: input.equity === null ? null : decimalText(new Decimal(input.equity)),
    features: features ? { momentum: features.momentum, vol: features.vol } : null,
    instrument: setup.instrument,
    note: decision.note,
    order: decision.order ? { ...decision.order } : null,
    params: input.config ? { ...input.config.params } : null,
    position: isFlat(position)
      ? null
      : {
          average_price:
            position.averagePrice === null ? null : decimalText(new Decimal(position.averagePrice)),
          bars_held: state.barsHeld,
          entry_ms: state.entryMs,
          quantity: decimalText(new Decimal(position.quantity)),
        },
    regime: regime
      ? { hmm_risk: regime.hmmRisk, hmm_trend: regime.hmmTrend, model_id: regime.modelId }
      : null,
    strategy: setup.strategy.name,
  });
}
