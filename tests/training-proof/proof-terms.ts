import { pickAt } from '@aistock/shared';

/** How much is proved. */
export interface ProofTerms {
  /** Files that the bars are registered as. */
  readonly files: number;
  /** How often a replica of ml_service is killed with -9. */
  readonly kills: number;
  /** How often one is stopped until its run was taken over, and then goes on as if nothing had happened. */
  readonly freezes: number;
  readonly seed: number;
  /** The services listen from the next port on. */
  readonly portBase: number;
}

export const BARS_PER_FILE = 328;
/** What the quality is measured on: neither model was trained on it by then. */
const HELD_OUT_SHARE = 0.15;
const BATCH_FILES_MAX = 4;
const BATCH_LANE = 3_000;

/** A stream, and the instrument whose bars it has. */
const lineOf = (instrument: string) => ({ instrument, stream: `proof:${instrument}:5m` });
/** The line whose trainers are killed. */
export const LINE = lineOf('BTC/USDT');
/** The same bars under another name, for a line that nobody disturbs. */
export const CONTROL = lineOf('BTC/USDC');

/** Files before those that are held out. */
export function filesBeforeHeldOut({ files }: Pick<ProofTerms, 'files'>): number {
  return files - Math.max(1, Math.round(files * HELD_OUT_SHARE));
}

/**
 * How many files come at a time, one batch after the other; one of them ends where the held-out files begin. The first is a
 * big one: what a line makes of its first bars is all that it begins with.
 */
export function batchesOf(terms: Pick<ProofTerms, 'files' | 'seed'>): number[] {
  const batches: number[] = [];
  let at = 0;
  for (const end of [filesBeforeHeldOut(terms), terms.files])
    while (at < end) {
      const drawn = 1 + pickAt(BATCH_FILES_MAX, terms.seed, BATCH_LANE, batches.length);
      const files = at === 0 ? BATCH_FILES_MAX : drawn;
      batches.push(Math.min(files, end - at));
      at += batches.at(-1)!;
    }
  return batches;
}

/** Few steps to the same place: the first one alike, one to where the held-out files begin, and one to the end. */
export function controlBatchesOf(terms: Pick<ProofTerms, 'files' | 'seed'>): number[] {
  const [first = 0] = batchesOf(terms);
  const before = filesBeforeHeldOut(terms);
  return [first, before - first, terms.files - before].filter((files) => files > 0);
}
