/** One line of a benchmark: ours beside a named peer, on the same work. */
export interface BenchmarkRow {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly peer_name: string;
  /** `ours / peer`, whichever way is better. */
  readonly ratio: number;
  /** Such as `requests/s` or `ms`. */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
}

/** Says how far a benchmark is; never on standard output, which holds the result. */
export type Report = (line: string) => void;
