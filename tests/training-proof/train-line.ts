import { setTimeout as delay } from 'node:timers/promises';
import { CallError } from '@aistock/shared';
import type { ProofStack } from './proof-stack.ts';

const LOOK_EVERY_MS = 25;
const RETRY_MS = 200;
/** Without a run that ends for so long something hangs; a lease that has to run out first is a tenth of it. */
const STANDSTILL_MS = 150_000;

/** What happens to a line on its way. */
export interface LineWatch {
  /** Called once runs were asked for, with the share of the files that are processed. */
  readonly asked?: (share: number) => Promise<void>;
  /** Called when a batch is processed, with how many files are. */
  readonly done?: (files: number) => void;
}

export interface Line {
  readonly stream: string;
  /** Files that come at a time. */
  readonly batches: readonly number[];
  /** Files that are processed already; none unless told. */
  readonly before?: number;
}

/** Registers files of a stream batch by batch, and has every replica train on it until all of a batch are processed. */
export async function trainLine(
  stack: ProofStack,
  { stream, batches, before: earlier = 0 }: Line,
  { asked, done }: LineWatch = {},
): Promise<void> {
  const total = batches.reduce((sum, files) => sum + files, earlier);
  let registered = earlier;
  for (const files of batches) {
    const before = registered;
    registered += files;
    await register(stack, stream, registered);
    const startMs = performance.now();
    for (let attempt = 0; (await filesOf(stack, stream)).processed < registered; attempt++) {
      if (performance.now() - startMs > STANDSTILL_MS)
        throw new Error(`${stream} stands still at file ${before} of ${total}`);
      const runIds = await askAll(stack, stream);
      if (attempt === 0) await asked?.(before / total);
      await untilOver(stack, runIds);
    }
    done?.(registered);
  }
}

/** Ingests until the stream has so many files. */
async function register(stack: ProofStack, stream: string, files: number): Promise<void> {
  while ((await filesOf(stack, stream)).all < files) {
    const { streams } = await stack.ingester.ingestOnce({ body: { streams: [stream] } });
    const [result] = streams;
    if (!result || result.problem || result.accepted === 0)
      throw new Error(`${stream} has no more than it has: ${result?.problem?.detail ?? 'its bars are over'}`);
  }
}

async function filesOf({ ingester }: ProofStack, stream: string) {
  const { streams } = await ingester.streams();
  const files = streams.find((each) => each.stream === stream)?.files;
  if (!files) throw new Error(`data_ingester does not know ${stream}`);
  return {
    all: Object.values(files).reduce((sum, count) => sum + count, 0),
    processed: files.processed ?? 0,
  };
}

/** Asks every replica that is there, all at once. */
async function askAll({ replicas }: ProofStack, stream: string): Promise<string[]> {
  const asked = await Promise.all(
    replicas.map(async ({ ml }) => {
      try {
        return (await ml.train({ query: {}, body: { streams: [stream] } })).runs;
      } catch (error) {
        if (isCutOff(error)) return [];
        throw error;
      }
    }),
  );
  const runIds = asked.flat().map((run) => run.run_id);
  if (runIds.length === 0) await delay(RETRY_MS);
  return runIds;
}

/** Nobody answered: the process is gone, or stopped. */
export function isCutOff(error: unknown): boolean {
  return error instanceof CallError && error.status === undefined;
}

/** Until the runs have ended, whoever ends them. */
export async function untilOver({ db }: ProofStack, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  const deadlineMs = performance.now() + STANDSTILL_MS;
  for (;;) {
    const open = await db
      .selectFrom('ml.run')
      .select('run_id')
      .where('run_id', 'in', [...runIds])
      .where('finished_at', 'is', null)
      .executeTakeFirst();
    if (!open) return;
    if (performance.now() > deadlineMs) throw new Error(`run ${open.run_id} does not end`);
    await delay(LOOK_EVERY_MS);
  }
}
