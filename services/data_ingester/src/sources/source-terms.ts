import { Instrument, Timeframe } from '@aistock/shared';
import { z } from 'zod';
import { BudgetTerms } from './budget-terms.ts';
import { exactly } from './exactly.ts';
import { SafeOrigin } from './safe-origin.ts';

/** Less than an hour, as a schedule after the close of bars counts in minutes and seconds. */
export const DELAY_S_MAX = 3_599;
const TIMEOUT_MS_MIN = 100;
const TIMEOUT_MS_MAX = 120_000;

const http = {
  /** Ask this instead of the source's own hosts, and no other. */
  origin: SafeOrigin.optional(),
  timeout_ms: z.int().min(TIMEOUT_MS_MIN).max(TIMEOUT_MS_MAX).optional(),
  /** Of the venue, for all who ask it; what it publishes unless told. */
  budget: BudgetTerms.optional(),
};

const Path = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => !text.includes('\0'), 'must not hold NUL');

const Ccxt = exactly({
  kind: z.literal('ccxt'),
  exchange: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,31}$/, 'must be an exchange by its name in ccxt such as binance, in lower case'),
  /** Ask the exchange's own test system. */
  sandbox: z.boolean().default(false),
  ...http,
});

const Alpaca = exactly({
  kind: z.literal('alpaca'),
  feed: z.enum(['iex', 'sip', 'crypto_us']).default('iex'),
  /** What prices are changed for: what happened to the shares since. */
  adjustment: z.enum(['raw', 'split', 'dividend', 'all']).default('raw'),
  /** The keys are of a paper account. */
  paper: z.boolean().default(true),
  /** Bars are read up to so long before now: 960 of sip, which is 16 minutes late without a subscription, else 0 unless told. */
  delay_s: z.int().min(0).max(DELAY_S_MAX).optional(),
  ...http,
});

const Yahoo = exactly({
  kind: z.literal('yahoo'),
  /** Yahoo's name of an instrument where it is another one, such as BRK-B of BRK.B or GC=F of GOLD. */
  symbols: z
    .record(Instrument, z.string().regex(/^[\^A-Z0-9][\w.=^-]{0,31}$/, 'must be a symbol of Yahoo'))
    .optional(),
  ...http,
});

const AlphaVantage = exactly({
  kind: z.literal('alphavantage'),
  /** The key's plan has whole series, and not the newest 100 bars only. */
  full: z.boolean().default(false),
  ...http,
});

const Finnhub = exactly({
  kind: z.literal('finnhub'),
  /** Whose bars of a pair such as BTC/USDT are given. */
  crypto_exchange: z
    .string()
    .regex(/^[A-Z0-9]{1,20}$/, 'must be an exchange by its name at Finnhub such as BINANCE, in upper case')
    .default('BINANCE'),
  ...http,
});

/** Exactly one of folder, file and packaged. */
const Csv = exactly({
  kind: z.literal('csv'),
  folder: Path.optional(),
  file: Path.optional(),
  /** What a single file holds. */
  instrument: Instrument.optional(),
  timeframe: Timeframe.optional(),
  /** A series that comes with this project. */
  packaged: z.literal('sp500').optional(),
  /** The files hold bars of trades only, so that a missing bar is not a fault. */
  trades_only: z.boolean().default(false),
}).superRefine((terms, context) => {
  const places = [terms.folder, terms.file, terms.packaged].filter((place) => place !== undefined);
  const tell = (message: string): void => context.addIssue({ code: 'custom', message });
  if (places.length !== 1) tell('must have exactly one of folder, file and packaged');
  const single = terms.instrument !== undefined && terms.timeframe !== undefined;
  if (terms.file !== undefined && !single) tell('file needs instrument and timeframe beside it');
  if (terms.file === undefined && (terms.instrument ?? terms.timeframe) !== undefined)
    tell('instrument and timeframe go with file only');
});

/** One entry below `sources`: where bars come from. Keys and other secrets come from the environment. */
export const SourceTerms = z.discriminatedUnion('kind', [Ccxt, Alpaca, Yahoo, AlphaVantage, Finnhub, Csv]);
export type SourceTerms = z.infer<typeof SourceTerms>;
export type SourceTermsOf<Kind extends SourceTerms['kind']> = Extract<SourceTerms, { kind: Kind }>;
