import { z } from 'zod';

/** A decimal number as text, such as `"-12.50"`: at most 26 digits before and 12 after the point, no exponent. */
export const Decimal = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,25})(\.\d{1,12})?$/, 'must be a decimal string such as "12.50"')
  .meta({ id: 'Decimal' });

/** A decimal above zero, as text. */
export const PositiveDecimal = Decimal.refine(
  (text) => !text.startsWith('-') && /[1-9]/.test(text),
  'must be above zero',
);

/** A decimal of zero or above, as text. */
export const NonNegativeDecimal = Decimal.refine(
  (text) => !text.startsWith('-') || !/[1-9]/.test(text),
  'must not be below zero',
);

const MS_MAX = 8_640_000_000_000_000;
/** Unix time in milliseconds, UTC. */
export const Ms = z.int().min(0).max(MS_MAX);

/** The same as {@link Ms} where it comes as text, in a query. An empty text is refused, never read as zero. */
export const MsText = z
  .string()
  .regex(/^\d{1,16}$/, 'must be Unix milliseconds, digits only')
  .transform(Number)
  .pipe(Ms);

/** A whole number as text in a query, between the given bounds. */
export const intText = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** `true` or `false` as text in a query. */
export const FlagText = z.enum(['true', 'false']).transform((text) => text === 'true');

const INSTRUMENT = /^[A-Z0-9][A-Z0-9.]{0,19}(\/[A-Z0-9.]{1,20}(:[A-Z0-9]{1,20})?)?$/;
/** An instrument as this stack names it: `SP500`, `BRK.B`, `BTC/USDT`, `BTC/USDT:USDT`. */
export const Instrument = z
  .string()
  .regex(INSTRUMENT, 'must be an instrument such as SP500 or BTC/USDT (upper case)')
  .meta({ id: 'Instrument' });

/** An instrument in a URL path, where `BTC-USDT` stands for `BTC/USDT`. */
export const InstrumentInPath = z
  .string()
  .transform((text) => text.replace('-', '/'))
  .pipe(Instrument);

/** How long one bar lasts. */
export const Timeframe = z
  .enum(['1m', '5m', '15m', '30m', '1h', '4h', '1d'])
  .meta({ id: 'Timeframe', description: 'How long one bar lasts.' });
export type Timeframe = z.infer<typeof Timeframe>;

const STREAM = /^[a-z][a-z0-9_]{0,31}:[A-Z0-9][A-Z0-9./:]{0,61}:(1m|5m|15m|30m|1h|4h|1d)$/;
/** One series of bars: `source:instrument:timeframe`, such as `csv:SP500:1d`. */
export const StreamId = z
  .string()
  .regex(STREAM, 'must be source:instrument:timeframe, such as csv:SP500:1d')
  .meta({ id: 'StreamId' });

/** A stream in a URL path, where `binance:BTC-USDT:1m` stands for `binance:BTC/USDT:1m`. */
export const StreamIdInPath = z
  .string()
  .transform((text) => text.replace('-', '/'))
  .pipe(StreamId);

/** The name of a strategy, a preset or an account: lower case, digits and underscores. */
export const Name = z.string().regex(/^[a-z][a-z0-9_]{0,47}$/, 'must be a name such as trend_following');

/** Who did something and why: asked of every action that a person answers for. */
export const Accountable = z.strictObject({
  by: z.string().trim().min(1).max(100),
  reason: z.string().trim().min(3).max(500),
});

export const Side = z.enum(['buy', 'sell']);
export type Side = z.infer<typeof Side>;

export const OrderType = z.enum(['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']);
export type OrderType = z.infer<typeof OrderType>;
export const TimeInForce = z.enum(['day', 'gtc', 'ioc', 'fok']);
export type TimeInForce = z.infer<typeof TimeInForce>;

/** The states of an order; `packages/trading` holds the transition table. */
export const OrderStatus = z
  .enum([
    'PENDING',
    'CHECKED',
    'SENDING',
    'WORKING',
    'PARTIALLY_FILLED',
    'FILLED',
    'CANCELLED',
    'REJECTED',
    'EXPIRED',
    'DENIED',
    'UNKNOWN',
  ])
  .meta({ id: 'OrderStatus' });
export type OrderStatus = z.infer<typeof OrderStatus>;

/** SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const Bar = z
  .strictObject({
    open_ms: Ms,
    open: PositiveDecimal,
    high: PositiveDecimal,
    low: PositiveDecimal,
    close: PositiveDecimal,
    volume: NonNegativeDecimal,
  })
  .meta({ id: 'Bar', description: 'One closed bar, named by its open time.' });
export type Bar = z.infer<typeof Bar>;
