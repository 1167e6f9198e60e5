import type { RunJob } from './run-job.ts';

const THOUSANDTHS = 1_000;

/** Memory that a thread tells its progress in, for whoever watches from another one. */
export function progressCell(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

export function tellDone({ progress }: RunJob, share: number): void {
  Atomics.store(progress, 0, Math.floor(THOUSANDTHS * share));
}

/** How much of the last step of a job is done, from 0 to 1. */
export function shareDone({ progress }: RunJob): number {
  return Atomics.load(progress, 0) / THOUSANDTHS;
}
