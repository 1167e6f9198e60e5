import type { ModelKind } from '@aistock/database';
import type { ModelCard } from '@aistock/models';
import type { StoredArtefact } from '../registry/artefact.ts';
import type { ReportContent } from '../report/content/report-content.ts';

/** A model as it is to be written; plain data. */
export interface NewModel {
  readonly kind: ModelKind;
  readonly algorithm: string;
  /** Of a regime model; null for others. */
  readonly states: number | null;
  readonly artefact: StoredArtefact;
  /** From which online EM goes on; null for what is not trained online. */
  readonly carried: string | null;
  /** Its files are known where it is written. */
  readonly card: Omit<ModelCard, 'fileHashes'>;
  /** Bars that it was fitted on, over all runs of its line. */
  readonly bars: number;
  readonly bic: number | null;
  readonly logLikelihood: number | null;
  /** Mean a bar. */
  readonly holdout: number | null;
  readonly report: ReportContent;
  /** Open times of the first and the last bar that the training read, Unix ms UTC. */
  readonly readFromMs: number;
  readonly readToMs: number;
}
