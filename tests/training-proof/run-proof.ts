import { once } from 'node:events';
import type { Bar } from '@aistock/market';
import { Disturbance } from './disturb.ts';
import { heldOutMean } from './held-out.ts';
import { processedFiles } from './processed-files.ts';
import { proofBars } from './proof-bars.ts';
import type { ProofReport } from './proof-report.ts';
import { startProofStack, type ProofStack } from './proof-stack.ts';
import {
  BARS_PER_FILE,
  batchesOf,
  CONTROL,
  filesBeforeHeldOut,
  LINE,
  type ProofTerms,
} from './proof-terms.ts';
import { timeRegimes, type RegimeTimes } from './regime-times.ts';
import { reportCarried, reportFiles, reportReading } from './report-line.ts';
import { trainControl, type Refit } from './train-control.ts';
import { trainLine } from './train-line.ts';
import { lineModels, lineRuns } from './trained-line.ts';

export interface ProofWatch {
  /** Told what is done, from time to time. */
  readonly say: (text: string) => void;
  /** Ends everything when it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Trains a line of models file by file with online EM while the processes that train are killed and stopped at random, and
 * the same bars once more in peace, and compares.
 * @param dataDir a folder of market data; bars are generated without one.
 */
export async function runTrainingProof(
  terms: ProofTerms,
  dataDir: string | undefined,
  { say, signal }: ProofWatch,
): Promise<ProofReport> {
  const startMs = performance.now();
  const bars = await proofBars(terms, dataDir);
  const stack = await startProofStack(terms, bars);
  let isFinished = false;
  try {
    const broken = stack.broken.then((what) => Promise.reject(new Error(what)));
    const stopped = once(signal, 'abort').then(() => Promise.reject(new Error('stopped')));
    const found = await Promise.race([prove(stack, bars, { terms, say }), broken, stopped]);
    isFinished = true;
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    return { terms, bars: dataDir === undefined ? 'generated' : 'recorded', seconds, ...found };
  } catch (error) {
    throw new Error(`the services' logs are in ${stack.logs}`, { cause: error });
  } finally {
    await stack.stop({ keepFolder: !isFinished });
  }
}

async function prove(
  stack: ProofStack,
  bars: readonly Bar[],
  { terms, say }: { readonly terms: ProofTerms; readonly say: (text: string) => void },
): Promise<Omit<ProofReport, 'terms' | 'bars' | 'seconds'>> {
  const refits: Refit[] = [];
  const inPeace = trainControl(stack, terms).then((found) => void refits.push(...found));
  const undisturbed = await timeRegimes(stack, inPeace);
  say(`the line that nobody disturbs is trained; /regime p99 ${undisturbed.p99Ms?.toFixed(1)} ms`);
  const disturbance = new Disturbance(stack, LINE.stream, terms);
  const regime = { undisturbed, disturbed: await trainDisturbed(stack, disturbance, { terms, say }) };
  const { disturbed } = disturbance;
  const files = await processedFiles(stack.db, LINE.stream);
  const models = await lineModels(stack.db, LINE.stream);
  const control = (await lineModels(stack.db, CONTROL.stream)).at(-1);
  const { lastOpenMs = 0 } = files.at(-1) ?? {};
  const readings = stack.proxy.readings.filter(({ stream }) => stream === LINE.stream);
  const from = filesBeforeHeldOut(terms) * BARS_PER_FILE;
  const before = models.findLast((model) => model.lastOpenMs < bars[from]!.openMs);
  return {
    disturbed,
    files: reportFiles(files),
    runs: await lineRuns(stack.db, LINE.stream),
    carried: reportCarried(models, { control, lastOpenMs }),
    read: reportReading(readings, files, disturbed.unaware),
    quality: {
      trainedBars: from,
      heldOutBars: bars.length - from,
      online: before ? heldOutMean(before.artefact, bars, from) : Number.NaN,
      refits: refits.map(({ windowBars, artefact }) => ({
        windowBars,
        mean: heldOutMean(artefact, bars, from),
      })),
    },
    regime,
  };
}

/** The line that is disturbed, from its first file to its last. */
function trainDisturbed(
  stack: ProofStack,
  disturbance: Disturbance,
  { terms, say }: { readonly terms: ProofTerms; readonly say: (text: string) => void },
): Promise<RegimeTimes> {
  const watch = {
    asked: (share: number) => disturbance.strike(share),
    done: (files: number) => {
      const { killedIdle, killedUnread, killedRead, freezes } = disturbance.disturbed;
      const kills = killedIdle + killedUnread + killedRead;
      say(`${files} of ${terms.files} files, killed ${kills} times, stopped ${freezes} times`);
    },
  };
  const line = { stream: LINE.stream, batches: batchesOf(terms) };
  return timeRegimes(stack, trainLine(stack, line, watch));
}
