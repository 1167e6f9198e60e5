import type { BenchmarkRow } from '../../benchmarks/row.ts';

interface Benchmark {
  readonly title: string;
  /** Loaded on demand: each brings its peers with it. */
  readonly load: () => Promise<{ run: (say: (line: string) => void) => Promise<readonly BenchmarkRow[]> }>;
}

export const BENCHMARKS = {
  backtest: {
    title: 'the engine over a million bars and a sweep of a hundred pairs, against grademark',
    load: () => import('../../benchmarks/backtest.ts'),
  },
  claims: {
    title: 'claims of the ledger against graphile-worker and pg-boss, and what a stale claimer can do',
    load: () => import('../../benchmarks/claims.ts'),
  },
  http: {
    title: '/param and /check against a bare express route with the same validation',
    load: () => import('../../benchmarks/http.ts'),
  },
  hmm: {
    title: 'EM of hidden Markov models against a textbook loop on the same rows, and a step of the filter',
    load: () => import('../../benchmarks/hmm.ts'),
  },
  ingest: {
    title:
      'bars from a venue to a registered file, to Parquet and into typed arrays, against DuckDB on its own',
    load: () => import('../../benchmarks/ingest.ts'),
  },
  models: {
    title:
      'training and scoring of the models beside the hidden Markov models; no peer of theirs is installed',
    load: () => import('../../benchmarks/models.ts'),
  },
  start: {
    title: 'start-up time and memory of the whole stack',
    load: () => import('../../benchmarks/start.ts'),
  },
  training: {
    title:
      'sixty days of minutes of ten instruments from bars to signed reports, and a daily retraining; without a peer',
    load: () => import('../../benchmarks/training.ts'),
  },
} satisfies Record<string, Benchmark>;

export type BenchmarkName = keyof typeof BENCHMARKS;
