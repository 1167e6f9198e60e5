import type { ProofStack } from './proof-stack.ts';
import {
  BARS_PER_FILE,
  CONTROL,
  controlBatchesOf,
  filesBeforeHeldOut,
  type ProofTerms,
} from './proof-terms.ts';
import { trainLine, untilOver } from './train-line.ts';

/** The window that ml_service trains on unless it is told. */
const WINDOW_BARS = 20_000;
/** Of the window, for the gates: the least, so that the refit has the most bars. */
const GATES_SHARE = 0.05;

/** A model that was fitted anew on a window that ends where the held-out files begin. */
export interface Refit {
  readonly windowBars: number;
  readonly artefact: string;
}

/**
 * Trains the same bars in a few big steps, in peace, and refits on sliding windows before the files that are held out.
 * @throws Error where a refit does not work.
 */
export async function trainControl(stack: ProofStack, terms: ProofTerms): Promise<Refit[]> {
  const { stream } = CONTROL;
  const [first = 0, ...rest] = controlBatchesOf(terms);
  const held = rest.pop() ?? 0;
  await trainLine(stack, { stream, batches: [first, ...rest] });
  const before = filesBeforeHeldOut(terms) * BARS_PER_FILE;
  const refits: Refit[] = [];
  for (const windowBars of new Set([Math.min(WINDOW_BARS, before), before]))
    refits.push({ windowBars, artefact: await refit(stack, stream, windowBars) });
  await trainLine(stack, { stream, batches: [held], before: terms.files - held });
  return refits;
}

async function refit(stack: ProofStack, stream: string, windowBars: number): Promise<string> {
  const { ml } = stack.replicas[0]!;
  const { runs } = await ml.train({
    query: {},
    body: {
      streams: [stream],
      window_bars: windowBars,
      hyperparameters: { holdout_fraction: GATES_SHARE },
    },
  });
  const runId = runs[0]!.run_id;
  await untilOver(stack, [runId]);
  const model = await stack.db
    .selectFrom('ml.model')
    .select('artefact')
    .where('run_id', '=', runId)
    .executeTakeFirst();
  if (model) return model.artefact;
  const { problem } = await ml.run({ params: { id: runId } });
  throw new Error(`the refit on ${windowBars} bars ended with ${problem?.code}: ${problem?.detail}`);
}
