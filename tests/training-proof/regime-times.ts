import { setTimeout as delay } from 'node:timers/promises';
import { CallError } from '@aistock/shared';
import { CONTROL } from './proof-terms.ts';
import type { ProofStack } from './proof-stack.ts';
import { isCutOff } from './train-line.ts';

/** Between questions, so that they do not fill a machine with few cores. */
const PAUSE_MS = 10;
/** Turns after which the newest bar is looked up again. */
const LOOK_EVERY_TURNS = 50;
/** Nobody answers before there is a model that passed its gates, and a bar that it can judge. */
const NOT_YET: ReadonlySet<string> = new Set(['no_active_model', 'no_regime_yet']);

export interface RegimeTimes {
  readonly answers: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Answers that told of a problem, by its code. */
  readonly problems: Readonly<Record<string, number>>;
}

/**
 * Asks the replicas in turn for regimes of the line in peace, whose models have the bars to pass their gates, as long as work
 * lasts.
 */
export async function timeRegimes(
  { replicas, ingester }: ProofStack,
  work: Promise<void>,
): Promise<RegimeTimes> {
  const state = { over: false };
  const working = work.finally(() => (state.over = true));
  const took: number[] = [];
  const problems: Record<string, number> = {};
  const asking = async () => {
    let lastMs = 0;
    for (let turn = 0; !state.over; turn++) {
      if (turn % LOOK_EVERY_TURNS === 0) {
        const { streams } = await ingester.streams();
        lastMs = streams.find(({ stream }) => stream === CONTROL.stream)?.last_open_ms ?? 0;
      }
      const query = { as_of_ms: String(lastMs + 1) };
      for (const { ml } of replicas) {
        const startMs = performance.now();
        try {
          await ml.regime({ params: { instrument: CONTROL.instrument }, query });
          took.push(performance.now() - startMs);
        } catch (error) {
          const code = problemOf(error);
          if (code !== undefined) problems[code] = (problems[code] ?? 0) + 1;
        }
        await delay(PAUSE_MS);
      }
    }
  };
  await Promise.all([working, asking()]);
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  return { answers: took.length, p50Ms: at(0.5), p99Ms: at(0.99), problems };
}

/** Undefined for one that has to be expected. */
function problemOf(error: unknown): string | undefined {
  if (isCutOff(error)) return undefined;
  if (!(error instanceof CallError)) throw error;
  const code = error.problem?.code ?? `status ${error.status}`;
  return NOT_YET.has(code) ? undefined : code;
}
