import { SourceError, type SourceErrorCode } from '../bar-source.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Error classes of ccxt, the first that fits; a class stands before those that it extends. */
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
const CAUSES_MAX = 5;
const URLS = /https?:\/\/\S+/g;

/**
 * What an error of a client library means to a caller: by ccxt's classes, or by the HTTP status that the error tells, as
 * axios' and Alpaca's do. What is neither is an answer that the library could not read.
 */
export function sourceErrorOf(error: unknown, doing: string): SourceError {
  const known = sourceErrorWithin(error);
  if (known) return known;
  const classes = classNames(error);
  const code =
    CODES.find(([className]) => classes.includes(className))?.[1] ??
    codeOfStatus(statusOf(error)) ??
    'malformed_data';
  const what = error instanceof Error ? error.message : String(error);
  const told = what.replaceAll(URLS, (url) => (URL.canParse(url) ? withoutSecrets(url) : ''));
  return new SourceError(code, `${doing} failed: ${told.slice(0, MESSAGE_CHARACTERS_MAX)}`, { cause: error });
}

/** What an HTTP status means; undefined where it is no failure. */
export function codeOfStatus(status: number | undefined): SourceErrorCode | undefined {
  if (status === undefined || status < 400) return undefined;
  if (status === 429 || status === 418) return 'rate_limited';
  if (status === 408 || status >= 500) return 'source_unreachable';
  return 'source_refused';
}

/** A library may wrap the error with which our own HTTP layer refused. */
function sourceErrorWithin(error: unknown): SourceError | undefined {
  let level = error;
  for (let depth = 0; depth < CAUSES_MAX && level instanceof Error; depth++, level = level.cause) {
    if (level instanceof SourceError) return level;
  }
  return undefined;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  for (const key of ['status', 'statusCode']) {
    const status: unknown = Reflect.get(error, key);
    if (typeof status === 'number') return status;
  }
  return 'response' in error ? statusOf(error.response) : undefined;
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
