/** What one run of the pipeline came to; `--json` prints it with `ok` and `seconds`. */
export interface PipelineResult {
  readonly source: string;
  readonly streams: number;
  readonly bars: number;
  readonly files: number;
  readonly files_processed: number;
  readonly model: {
    readonly id: string;
    readonly algorithm: string;
    readonly states: number | null;
    readonly promoted: boolean;
    readonly bic: number | null;
    readonly holdout_log_likelihood: number | null;
  };
  /** The last choice of parameters; null where no order was ever placed. */
  readonly decision: {
    readonly config_id: string;
    readonly preset_id: string;
    readonly propensity: number;
  } | null;
  readonly orders: {
    readonly intents: number;
    readonly filled: number;
    readonly denied: number;
    readonly unknown: number;
  };
  readonly equity: { readonly start: string | null; readonly end: string | null };
  readonly audit: { readonly events: number; readonly verified: boolean; readonly root: string };
}

export interface PipelineRun {
  readonly result: PipelineResult;
  /** Files whose bars are too few to train on alone: not processed yet, and rightly so. */
  readonly filesWaiting: number;
}

/** What does not hold, in words; nothing where every promise held. */
export function brokenPromises({ result, filesWaiting }: PipelineRun): readonly string[] {
  const unprocessed = result.files - result.files_processed - filesWaiting;
  const checks: readonly [boolean, string][] = [
    [result.bars > 0, 'no bar was ingested'],
    [unprocessed === 0, `${unprocessed} files are not processed`],
    [result.orders.unknown === 0, `${result.orders.unknown} orders are in an unknown state`],
    [result.equity.end !== null, 'the equity is not known'],
    [result.audit.verified, 'the record does not verify'],
  ];
  return checks.filter(([holds]) => !holds).map(([, words]) => words);
}
