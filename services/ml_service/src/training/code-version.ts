import { codeVersion } from '@aistock/service-kit';
import packageJson from '../../package.json' with { type: 'json' };

/** What decides about a model: the sources of this service, and those of what it computes with. */
const SOURCES = [
  import.meta.url,
  ...[
    '@aistock/features',
    '@aistock/hmm-ts',
    '@aistock/market',
    '@aistock/models',
    '@aistock/promotion',
    '@aistock/trading/backtest',
  ].map((name) => import.meta.resolve(name)),
];

/** Of the code that trains. */
export const trainerVersion = (): Promise<string> => codeVersion(packageJson.version, SOURCES);
