import { SERVICE_PORTS, type ServiceName } from '@aistock/shared';
import { z } from 'zod';
import { Secret } from './secret.ts';

const TOKEN_LENGTH_MIN = 32;
const PASSWORD_LENGTH_MAX = 1_000;
const WHOLE_NUMBER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

/** A variable that holds a whole number between the bounds. */
export const envInt = (min: number, max: number) =>
  number(WHOLE_NUMBER, min, max, `must be a whole number from ${min} to ${max}`);

/** A variable that holds a number between the bounds, such as `0.05`; no exponent. */
export const envNumber = (min: number, max: number) =>
  number(NUMBER, min, max, `must be a number from ${min} to ${max}`);

function number(shape: RegExp, min: number, max: number, message: string) {
  return z
    .string()
    .regex(shape, { message, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

/** A variable that is `true` or `false`. */
export const envFlag = () =>
  z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

/** A variable that holds an http or https URL without a path, a query or a user; a slash at the end is cut off. */
export const envUrl = () =>
  z
    .string()
    .refine(isOrigin, 'must be a URL such as http://127.0.0.1:8001')
    .transform((text) => text.replace(/\/$/, ''));

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.origin + '/' === url.href
  );
}

/** A variable that says where a neighbour is; its port on this machine unless told. */
export const envPeer = (name: ServiceName) => envUrl().default(`http://127.0.0.1:${SERVICE_PORTS[name]}`);

/** A variable that holds a secret. `NAME_FILE` may name a file that holds it instead. */
export const envSecret = (lengthMin = 1) =>
  z
    .string()
    .min(lengthMin, `must have at least ${lengthMin} characters`)
    .max(PASSWORD_LENGTH_MAX, `must have at most ${PASSWORD_LENGTH_MAX} characters`)
    .transform((text) => new Secret(text));

const token = () => envSecret(TOKEN_LENGTH_MIN).optional();

/** What every service reads. A service's schema is `z.object({ ...baseEnv, OWN_VARIABLE: ... })`. */
export const baseEnv = {
  /** The service's port of DESIGN unless told; 0 takes any free one. */
  PORT: envInt(0, 65_535).optional(),
  HOST: z
    .string()
    .regex(/^[a-zA-Z0-9.:_-]{1,253}$/, 'must be an address or a host name such as 127.0.0.1')
    .default('127.0.0.1'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  AUTH_MODE: z.enum(['off', 'token']).default('off'),
  /** `compose`: the container network is private and its ports are published on the host's loopback only. */
  TRUSTED_NETWORK: z.enum(['none', 'compose']).default('none'),
  AUTH_TOKEN_VIEWER: token(),
  AUTH_TOKEN_OPERATOR: token(),
  AUTH_TOKEN_TRADER: token(),
  AUTH_TOKEN_SERVICE: token(),
  /** Requests a second from one address, with bursts of as many. */
  RATE_LIMIT_PER_S: envInt(1, 1_000_000).default(1_000),
  DATABASE_URL: z
    .string()
    .refine(
      (text) => /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? ''),
      'must be a URL such as postgres://aistock_engine@127.0.0.1:5432/aistock',
    ),
  /** Takes the place of a password in DATABASE_URL. */
  DATABASE_PASSWORD: envSecret().optional(),
  DATABASE_POOL_MAX: envInt(1, 100).default(10),
} as const;

const BaseConfig = z.object(baseEnv);
export type BaseConfig = Readonly<z.output<typeof BaseConfig>>;
