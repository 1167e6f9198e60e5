import winston from 'winston';
import { systemClock, type Clock } from './clock.ts';
import { currentTrace } from './request-context.ts';
import { isSecretName, Secret, withoutUrlPasswords } from './secret.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * One JSON line an event. `error` means that somebody has to act, `warn` healed by itself, `info` is an event of the
 * business, `debug` is for the developer. Ids go into fields, never into the message; an Error goes under `error`.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  readonly clock?: Clock;
  /** Standard output unless told. */
  readonly stream?: NodeJS.WritableStream;
}

/** A logger that writes JSON lines with the service, the time, and the ids of the request that is being served. */
export function createLogger({ service, level, clock = systemClock, stream }: LoggerOptions): Logger {
  const output = winston.createLogger({
    level: level === 'silent' ? 'error' : level,
    silent: level === 'silent',
    format: winston.format.printf((line) => JSON.stringify(line)),
    transports: [new winston.transports.Stream({ stream: stream ?? process.stdout })],
  });
  const write = (lineLevel: Exclude<LogLevel, 'silent'>, message: string, fields: LogFields = {}) => {
    if (!output.isLevelEnabled(lineLevel)) return;
    const trace = currentTrace();
    output.log({
      at: new Date(clock.nowMs()).toISOString(),
      service,
      ...(trace && { request_id: trace.requestId, trace_id: trace.traceparent.slice(3, 35) }),
      ...(printable(fields, 0) as Record<string, unknown>),
      level: lineLevel,
      message: printable(message, 0) as string,
    });
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

const DEPTH_MAX = 6;
const ITEMS_MAX = 100;
const TEXT_LENGTH_MAX = 10_000;

/** A value as it may be printed: no secrets, errors spelled out, and never larger than the bounds above. */
function printable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutUrlPasswords(value.slice(0, TEXT_LENGTH_MAX));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (value instanceof Error) return printableError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Secret) return value.toString();
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => printable(item, depth + 1));
  const fields = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, isSecretName(name) ? '[secret]' : printable(field, depth + 1)]),
  );
}

function printableError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  const { errors } = error as { errors?: unknown };
  return {
    name: error.name,
    message: printable(error.message, depth),
    ...(typeof code === 'string' && { code }),
    stack: printable(error.stack, depth),
    ...(error.cause !== undefined && { cause: printable(error.cause, depth + 1) }),
    ...(Array.isArray(errors) && { errors: printable(errors, depth + 1) }),
  };
}
