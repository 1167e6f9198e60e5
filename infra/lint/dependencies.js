/** Which package of ours each package may import. What is not listed is refused. */
export const PACKAGES = {
  shared: [],
  'hmm-ts': [],
  models: [],
  market: ['shared'],
  trading: ['shared', 'market'],
  'audit-log': ['shared'],
  database: ['shared'],
  ledger: ['shared', 'database'],
  lake: ['shared', 'market'],
  venues: ['shared', 'market'],
  'venue-budget': ['shared', 'database', 'venues'],
  venue_sim: ['shared', 'market'],
  'service-kit': ['shared', 'database'],
  'strategy-schemas': ['shared', 'trading', 'service-kit'],
  testkit: ['shared', 'database'],
};

/** Packages that compute and do nothing else, with the libraries that they may use. */
export const PURE = {
  'hmm-ts': [],
  models: [],
  market: ['decimal.js', 'zod'],
  trading: ['decimal.js', 'zod'],
};

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
  s3mini: ['lake'],
  winston: ['service-kit'],
};

/**
 * What reads the curated store itself, as of no time, and where that may be imported: the reader that knows the time, and
 * what repairs the store. Everyone else asks the reader.
 */
export const READERS = { '@aistock/lake/bars': 'services/data_ingester/src/curated/' };
