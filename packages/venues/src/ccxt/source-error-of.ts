import { SourceError, type SourceErrorCode } from '../bar-source.ts';

/** ccxt's error classes, the first that fits; a class stands before those that it extends. */
const CODES: readonly [className: string, code: SourceErrorCode][] = [
  ['DDoSProtection', 'rate_limited'],
  ['RateLimitExceeded', 'rate_limited'],
  ['BadSymbol', 'unknown_instrument'],
  ['BadResponse', 'malformed_data'],
  ['NetworkError', 'source_unreachable'],
  ['OperationFailed', 'source_unreachable'],
  ['BaseError', 'source_refused'],
];
const MESSAGE_CHARACTERS_MAX = 300;

/** What an error of ccxt means to a caller. What is not of ccxt is an answer that ccxt could not read. */
export function sourceErrorOf(error: unknown, doing: string): SourceError {
  if (error instanceof SourceError) return error;
  const classes = classNames(error);
  const code = CODES.find(([className]) => classes.includes(className))?.[1] ?? 'malformed_data';
  const what = error instanceof Error ? error.message : String(error);
  return new SourceError(code, `${doing} failed: ${what.slice(0, MESSAGE_CHARACTERS_MAX)}`, { cause: error });
}

/** Names, because importing ccxt's classes would load every exchange. */
function classNames(error: unknown): string[] {
  const names: string[] = [];
  for (let level: unknown = error; typeof level === 'object' && level !== null;) {
    if ('constructor' in level && typeof level.constructor === 'function') names.push(level.constructor.name);
    level = Object.getPrototypeOf(level);
  }
  return names;
}
