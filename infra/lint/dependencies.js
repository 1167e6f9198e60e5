/** Which package of ours each package may import. What is not listed is refused. */
export const PACKAGES = {
  shared: [],
  'hmm-ts': [],
  models: ['hmm-ts'],
  market: ['shared'],
  features: ['shared', 'market', 'models', 'hmm-ts'],
  trading: ['shared', 'market'],
  promotion: ['shared', 'market', 'models', 'hmm-ts', 'trading'],
  'audit-log': ['shared'],
  database: ['shared'],
  ledger: ['shared', 'database'],
  lake: ['shared', 'market'],
  venues: ['shared', 'market'],
  'venue-budget': ['shared', 'database', 'venues'],
  venue_sim: ['shared', 'market'],
  'service-kit': ['shared', 'database'],
  report: ['service-kit'],
  'strategy-schemas': ['shared', 'trading', 'promotion', 'service-kit'],
  testkit: ['shared', 'database'],
};

/** Packages that compute and do nothing else, with the libraries that they may use. */
export const PURE = {
  'hmm-ts': [],
  models: [],
  features: [],
  promotion: ['zod'],
  market: ['decimal.js', 'zod'],
  trading: ['decimal.js', 'zod'],
};

/** The one folder of a pure package that may start worker threads; it has an entry of its own, and nothing pure imports it. */
export const THREADS = { 'node:worker_threads': 'packages/hmm-ts/src/workers/' };

/** The one home of each library that does I/O or gives the process its shape. */
export const HOMES = {
  '@duckdb/node-api': ['lake'],
  '@duckdb/node-bindings': ['lake'],
  '@alpacahq/alpaca-trade-api': ['venues'],
  axios: ['shared', 'venues'],
  ccxt: ['venues'],
  express: ['service-kit'],
  helmet: ['service-kit'],
  pg: ['database', 'testkit'],
  'prom-client': ['service-kit'],
  pdfkit: ['services/ml_service'],
  'svg-to-pdfkit': ['services/ml_service'],
  s3mini: ['lake'],
  winston: ['service-kit'],
};

/**
 * What reads the curated store itself, as of no time, and where that may be imported: the reader that knows the time, and
 * what repairs the store. Everyone else asks the reader.
 */
export const READERS = { '@aistock/lake/bars': 'services/data_ingester/src/curated/' };
