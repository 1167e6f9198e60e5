import { fitFrom, type GaussianHmm } from '@aistock/hmm-ts';
import { textbookEm } from './textbook.ts';

export const ITERATIONS = 20;
/** What is compared: ours in WebAssembly and in plain TypeScript, and the peer. */
export const FORMS = ['wasm', 'plain', 'textbook'] as const;
export type Form = (typeof FORMS)[number];

export const PEER = 'textbook Baum-Welch over typed arrays';

/** EM from a fixed start, exactly so many iterations, on one thread. @returns the final log-likelihood. */
export function runForm(form: Form, start: GaussianHmm, values: Float64Array): number {
  if (form === 'textbook') return textbookEm(start, values, ITERATIONS);
  const arithmetic = form === 'wasm' ? 'auto' : 'plain';
  const options = { iterationsMax: ITERATIONS, tolerance: 0, varianceFloor: 1e-9, arithmetic } as const;
  return fitFrom(start, { dimensions: start.dimensions, values }, options).logLikelihood;
}

/** Processor time, whatever else the machine does meanwhile. */
export function processorMs(compute: () => void): number {
  const before = process.cpuUsage();
  compute();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
