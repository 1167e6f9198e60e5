import { formatVerifierKey, signReport } from '@aistock/audit-log';
import { canonicalJson, sha256Hex, type ModelReport } from '@aistock/shared';
import { cardToWire } from '../../registry/card-to-wire.ts';
import type { FinishedTraining } from '../../training/commit/finished-training.ts';

/** A report as it is stored. */
export interface StoredReport {
  /** Canonical JSON. */
  readonly report: string;
  readonly sha256: string;
  readonly note: string;
  readonly verifier_key: string;
}

/** The report of a model that is about to be written, signed. */
export function signedReport(modelId: string, training: FinishedTraining): StoredReport {
  const { signer } = training;
  const report = canonicalJson(reportOf(modelId, training));
  const sha256 = sha256Hex(report);
  const note = signReport({ modelId, sha256 }, signer);
  return { report, sha256, note, verifier_key: formatVerifierKey(signer) };
}

function reportOf(
  modelId: string,
  { claim, champion, outcome, fileHashes, codeVersion, at, expiresAt }: FinishedTraining,
): ModelReport {
  const { artefact, bars, card, report } = outcome.model;
  return {
    format: 'model_report/1',
    model_id: modelId,
    run_id: claim.runId,
    champion_id: champion?.last_model_id ?? null,
    created_ms: at.getTime(),
    expires_ms: expiresAt.getTime(),
    artefact_sha256: artefact.sha256,
    code_version: codeVersion,
    card: cardToWire({ ...card, fileHashes }),
    bars,
    ...report,
  };
}
