import { z } from 'zod';
import { VENUES } from '../markets/sim-market.ts';

const COUNT_MAX = 1_000_000;
const RETRY_AFTER_S_MAX = 86_400;
const SKEW_MS_MAX = 86_400_000;
const OVERLAP_BARS_MAX = 1_000;
const MS_MAX = 8_640_000_000_000_000;

const common = {
  /** Which draws come out; the same seed and requests give the same misbehaviour. */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** The share of requests, or of bars, that are hit. */
  rate: z.number().min(0).max(1).optional(),
  /** The next so many requests; of bars, so many anywhere in each market. With a rate: at most so many requests. */
  count: z.int().min(1).max(COUNT_MAX).optional(),
  venue: z.enum(VENUES).optional(),
  /** Such as `binance:BTC/USDT:1m`. */
  market: z.string().max(120).optional(),
};

const retryAfterS = z.int().min(0).max(RETRY_AFTER_S_MAX);

const KINDS = [
  /** 429 with Retry-After. */
  z.strictObject({ kind: z.literal('rate_limit'), ...common, retryAfterS: retryAfterS.default(1) }),
  /** 418 with Retry-After, to this and every request of the venue until that time is over. */
  z.strictObject({ kind: z.literal('ban'), ...common, retryAfterS: retryAfterS.default(2) }),
  z.strictObject({
    kind: z.literal('server_error'),
    ...common,
    status: z.literal([500, 502, 503, 504]).default(503),
  }),
  /** No answer at all; the connection stays open. */
  z.strictObject({ kind: z.literal('timeout'), ...common }),
  /** An answer that says 200 and ends in the middle of its JSON. */
  z.strictObject({ kind: z.literal('truncated_json'), ...common }),
  /** The connection is reset before an answer. */
  z.strictObject({ kind: z.literal('reset'), ...common }),
  /** The page of bars that was given before, whatever is asked for now. */
  z.strictObject({ kind: z.literal('page_twice'), ...common }),
  /** The market's first bars, whatever time is asked for. */
  z.strictObject({ kind: z.literal('earliest_bars'), ...common }),
  z.strictObject({ kind: z.literal('wrong_order'), ...common }),
  /** A page that begins some bars before what was asked for. */
  z.strictObject({
    kind: z.literal('overlap'),
    ...common,
    bars: z.int().min(1).max(OVERLAP_BARS_MAX).default(10),
  }),
  /** Date header and time endpoint are off by so many ms, ahead where positive. */
  z.strictObject({
    kind: z.literal('clock_skew'),
    ...common,
    skewMs: z.int().min(-SKEW_MS_MAX).max(SKEW_MS_MAX),
  }),
  /** A bar that has just closed is told as it stood before its end, for so long. */
  z.strictObject({
    kind: z.literal('last_bar_changes'),
    ...common,
    forMs: z.int().min(1).max(MS_MAX).default(60_000),
  }),
  /** A bar is not there for so long after it closed; for good unless told. */
  z.strictObject({ kind: z.literal('missing_bar'), ...common, forMs: z.int().min(1).max(MS_MAX).optional() }),
  /** A closed bar has another value from so long after its close, but not before it was told to. */
  z.strictObject({
    kind: z.literal('restated_bar'),
    ...common,
    afterMs: z.int().min(0).max(MS_MAX).default(0),
  }),
] as const;

const AnyKind = z.discriminatedUnion('kind', KINDS);
export type Misbehaviour = z.output<typeof AnyKind>;
/** The same before defaults: what a caller writes. */
export type MisbehaviourTerms = z.input<typeof AnyKind>;
/** The name of a way to misbehave. */
export type Kind = Misbehaviour['kind'];

/** One way in which a venue misbehaves, how often, and where. */
export const Misbehaviour = AnyKind.refine(({ rate, count }) => rate !== undefined || count !== undefined, {
  path: ['rate'],
  message: 'rate or count must be given',
})
  .refine(({ kind, rate, count }) => !isOfBars(kind) || rate === undefined || count === undefined, {
    path: ['count'],
    message: 'of bars, give rate or count, not both',
  })
  .refine(({ kind, market }) => market === undefined || !isOfRequests(kind), {
    path: ['market'],
    message: 'whole requests can be told apart by venue only',
  });
/** All of them. */
export const KIND_NAMES: readonly Kind[] = KINDS.map((schema) => schema.shape.kind.value);

/** What becomes of a whole request. */
export type RequestKind =
  'rate_limit' | 'ban' | 'server_error' | 'timeout' | 'truncated_json' | 'reset' | 'clock_skew';
/** What becomes of a page of bars. */
export type PageKind = 'page_twice' | 'earliest_bars' | 'wrong_order' | 'overlap';
/** What becomes of single bars, wherever they are shown. */
export type BarKind = 'last_bar_changes' | 'missing_bar' | 'restated_bar';
export type Of<K extends Kind> = Extract<Misbehaviour, { kind: K }>;

const REQUEST_KINDS: ReadonlySet<Kind> = new Set<RequestKind>([
  'rate_limit',
  'ban',
  'server_error',
  'timeout',
  'truncated_json',
  'reset',
  'clock_skew',
]);
const BAR_KINDS: ReadonlySet<Kind> = new Set<BarKind>(['last_bar_changes', 'missing_bar', 'restated_bar']);

function isOfRequests(kind: Kind): boolean {
  return REQUEST_KINDS.has(kind);
}

export function isOfBars(kind: Kind): kind is BarKind {
  return BAR_KINDS.has(kind);
}
