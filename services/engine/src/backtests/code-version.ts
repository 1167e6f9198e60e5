import { codeVersion } from '@aistock/service-kit';
import packageJson from '../../package.json' with { type: 'json' };

/** What decides about a result: its own sources, and those of what it computes with. */
const SOURCES = [
  new URL('.', import.meta.url).href,
  ...['@aistock/trading/backtest', '@aistock/market', '@aistock/hmm-ts', '@aistock/shared'].map((name) =>
    import.meta.resolve(name),
  ),
];

/** Of the code that makes backtests. */
export function engineVersion(): Promise<string> {
  return codeVersion(packageJson.version, SOURCES);
}
