/** One line of a benchmark: ours beside a named peer, on the same work; without a peer it says why there is none. */
export interface BenchmarkRow {
  readonly name: string;
  readonly ours: number;
  readonly peer: number | null;
  /** Or why there is none. */
  readonly peer_name: string;
  /** `ours / peer`, whichever way is better. */
  readonly ratio: number | null;
  /** Such as `requests/s` or `ms`. */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
}

/** Says how far a benchmark is; never on standard output, which holds the result. */
export type Report = (line: string) => void;
