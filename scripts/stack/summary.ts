import { SERVICE_NAMES } from '@aistock/shared';
import type { PipelineResult } from './result.ts';
import { serviceUrl } from './service-specs.ts';

const LABEL_WIDTH = 12;

/** The short table of what happened, as lines. */
export function summaryLines(result: PipelineResult, seconds: number): readonly string[] {
  const rows: readonly [string, string][] = [
    [
      'bars',
      `${result.bars} in ${result.files} files from ${result.source}, ${result.files_processed} files trained on`,
    ],
    [
      'model',
      `${result.model.algorithm}, ${result.model.states} states, BIC ${result.model.bic?.toFixed(1) ?? 'unknown'}`,
    ],
    ['', `hold-out log-likelihood ${result.model.holdout_log_likelihood?.toFixed(4) ?? 'unknown'} a bar`],
    ['parameters', describeDecision(result.decision)],
    [
      'orders',
      `${result.orders.intents} intents: ${result.orders.filled} filled, ${result.orders.denied} denied, ${result.orders.unknown} unknown`,
    ],
    ['equity', `${money(result.equity.start)} → ${money(result.equity.end)}`],
    ['record', `${result.audit.events} events, ${result.audit.verified ? 'verified' : 'NOT VERIFIED'}`],
    ['', `root ${result.audit.root}`],
    ['took', `${seconds.toFixed(1)} s`],
  ];
  return rows.map(([label, text]) => `  ${label.padEnd(LABEL_WIDTH)} ${text}`);
}

function describeDecision(decision: PipelineResult['decision']): string {
  if (decision === null) return 'none chosen';
  return `preset ${decision.preset_id} with propensity ${decision.propensity.toFixed(3)} (${decision.config_id})`;
}

/** Two decimals are enough to look at; the exact number is in GET /account. */
function money(text: string | null): string {
  return text === null ? 'unknown' : text.replace(/(\.\d{2})\d*$/, '$1');
}

/** Where everything answers, as lines. */
export function urlLines(portBase: number): readonly string[] {
  return SERVICE_NAMES.map(
    (service) => `  ${service.padEnd(LABEL_WIDTH + 5)} ${serviceUrl(service, portBase)}/health`,
  );
}
