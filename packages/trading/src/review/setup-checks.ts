import type { ReviewInput } from './review-input.ts';
import type { Warning, WarningCode } from './warning.ts';

const SAID: readonly {
  readonly code: WarningCode;
  readonly severity: Warning['severity'];
  readonly applies: (input: ReviewInput) => boolean;
  readonly detail: string;
}[] = [
  {
    code: 'no_limits',
    severity: 'warning',
    applies: ({ limitsSet }) => !limitsSet,
    detail: 'No risk limits were set: orders that the gate would deny were filled.',
  },
  {
    code: 'rules_assumed',
    severity: 'warning',
    applies: ({ rulesSet }) => !rulesSet,
    detail: 'Lot, tick and least notional were not given for every instrument and are assumed to be tiny.',
  },
  {
    code: 'in_sample_model',
    severity: 'warning',
    applies: ({ modelInSample }) => modelInSample,
    detail: 'A model spoke about bars that it was trained on: the result is not one of unseen data.',
  },
  {
    code: 'open_at_end',
    severity: 'note',
    applies: ({ openAtEnd }) => openAtEnd,
    detail:
      'Something was still held at the end; it counts at the last close, without the costs of leaving it.',
  },
];

/** Positions that nothing but the end of a period closed. */
export function settledAtEnd({ settled, trades }: ReviewInput): Warning[] {
  if (settled === 0) return [];
  const detail = `${settled} of ${trades.length} trades were open when a period ended: they count as left at its last close, with fee, spread and slippage.`;
  return [{ code: 'settled_at_end', severity: 'note', detail, numbers: { settled, trades: trades.length } }];
}

/** What the terms of a backtest say about its result. */
export function setupWarnings(input: ReviewInput): Warning[] {
  return SAID.filter(({ applies }) => applies(input)).map(({ code, severity, detail }) => ({
    code,
    severity,
    detail,
    numbers: {},
  }));
}
