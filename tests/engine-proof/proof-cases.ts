import { CRYPTO } from './crypto-case.ts';
import { streamOf, type ProofCase } from './proof-case.ts';
import { STOCK } from './stock-case.ts';

export const CASES: readonly ProofCase[] = [CRYPTO, STOCK];

/** What data_ingester is told of the cases, whose bars lie in a folder. */
export function sourcesFile(folder: string): string {
  const sources = CASES.map(
    ({ name, tradesOnly }) =>
      `  ${name}: { kind: csv, folder: ${JSON.stringify(folder)}, trades_only: ${tradesOnly} }`,
  );
  const streams = CASES.map(
    ({ name, markets, timeframe, calendar }) =>
      `  - { sources: [${name}], instruments: [${markets.map(({ instrument }) => instrument).join(', ')}], ` +
      `timeframes: [${timeframe}], calendar: ${calendar}${calendar === 'xnys' ? ', session: extended' : ''} }`,
  );
  return ['sources:', ...sources, 'streams:', ...streams, ''].join('\n');
}

/** The streams of a case, in the order of its markets. */
export function streamsOf(proof: ProofCase): string[] {
  return proof.markets.map(({ instrument }) => streamOf(proof, instrument));
}
