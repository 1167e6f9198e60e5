import type { Denial, DenialCode, Limits, OrderTerms } from '@aistock/shared';
import { denial } from './denial.ts';
import { checkBooks, checkDuplicate, checkExposure, checkKills, checkReduceOnly } from './book-checks.ts';
import {
  instrumentExposure,
  instrumentQuantities,
  isReducing,
  valuedAt,
  type InstrumentExposure,
  type InstrumentQuantities,
} from './exposure.ts';
import type { AccountBooks, RiskInputs } from './inputs.ts';
import { checkPermissions, checkSize, checkTimes } from './order-checks.ts';
import { checkPrices } from './price-checks.ts';
import { checkReferencePrice, type UsablePrice } from './reference-price.ts';

export type RiskVerdict =
  | { readonly verdict: 'approved'; readonly referencePrice: string }
  | { readonly verdict: 'denied'; readonly denials: Denial[] };

/**
 * Judges an order by everything that is known, and tells every reason against it, not only the first. A check that
 * cannot be made because something is missing is a reason too: nothing passes by default.
 */
export function reviewOrder(terms: OrderTerms, inputs: RiskInputs): RiskVerdict {
  const known = inputs.books && knownBooks(terms, inputs.books);
  const price = usablePrice(terms, inputs);
  const denials = [
    ...reviewTerms(terms, inputs, price).filter(({ code }) => !(known?.reduces && GROWING_ONLY.has(code))),
    ...checkBooks(inputs.limits, inputs.books),
    ...(known ? reviewAgainstBooks(terms, known, inputs, price) : []),
    ...checkKills(terms, inputs.kills, known?.reduces ?? false),
    ...(inputs.clientOrderIdUsed
      ? [denial('client_order_id_used', `${terms.client_order_id} was used before`)]
      : []),
  ];
  if (denials.length > 0) return { verdict: 'denied', denials };
  if (!('reference' in price)) throw new TypeError('an order without a usable price cannot pass');
  return { verdict: 'approved', referencePrice: price.reference.price };
}

/**
 * What bounds orders that may make a position larger. One that can only shrink it is bounded by what is held: a position that
 * has grown past the largest order, by its price or by many orders, could never be left otherwise.
 */
const GROWING_ONLY: ReadonlySet<DenialCode> = new Set(['quantity_above_max', 'notional_above_max']);

/** The reference price of the order's instrument, or why there is none to use. */
function usablePrice(terms: OrderTerms, { limits, prices, clockMs }: RiskInputs): UsablePrice {
  const own = limits && ownValue(limits.instruments, terms.instrument);
  if (!own) return { denials: [] }; // the missing limits are the reason that is told
  return checkReferencePrice(prices.get(terms.instrument), {
    instrument: terms.instrument,
    clockMs,
    ageMsMax: own.price_age_ms_max,
  });
}

/** The order by itself. */
function reviewTerms(terms: OrderTerms, inputs: RiskInputs, price: UsablePrice): Denial[] {
  const { limits, inRegularHours } = inputs;
  if (!limits) return [denial('limits_not_set', `no limits are set for ${terms.account}`)];
  const own = ownValue(limits.instruments, terms.instrument);
  return [
    ...checkPermissions(terms, limits),
    ...(own ? checkSize(terms, own) : []),
    ...checkTimes(terms, inRegularHours),
    ...('denials' in price ? price.denials : []),
    ...(own && 'reference' in price ? checkPrices(terms, own, price.reference.price) : []),
  ];
}

/** What the account has, as far as it matters to the order. */
interface KnownBooks {
  /** Without the order itself: asking again for it must not count it twice. */
  readonly books: AccountBooks;
  /** Of the order's instrument. */
  readonly own: InstrumentQuantities;
  /** Whether the order can only shrink the position. */
  readonly reduces: boolean;
}

function knownBooks(terms: OrderTerms, books: AccountBooks): KnownBooks {
  const openOrders = books.openOrders.filter((order) => order.clientOrderId !== terms.client_order_id);
  const own = instrumentQuantities(terms.instrument, { positions: books.positions, openOrders });
  return { books: { ...books, openOrders }, own, reduces: isReducing(own, terms) };
}

/** The order on top of what the account has and may still get. */
function reviewAgainstBooks(
  terms: OrderTerms,
  { books, own, reduces }: KnownBooks,
  inputs: RiskInputs,
  price: UsablePrice,
): Denial[] {
  const { limits, clockMs } = inputs;
  const denials = checkReduceOnly(terms, own);
  if (!limits) return denials;
  denials.push(...checkDuplicate(terms, limits.duplicate_window_ms, clockMs, books.earlierOrders));
  if (!('reference' in price) || reduces) return denials;
  const { others, denials: unpriced } = valueOthers(terms, limits, books, inputs);
  if (unpriced.length > 0) return [...denials, ...unpriced];
  const exposure = { own: valuedAt(price.reference, terms.instrument, books, own), others };
  return [...denials, ...checkExposure(terms, limits, exposure, books.cash)];
}

/** Values every instrument that the account has something in. One without a usable price is a reason against. */
function valueOthers(
  terms: OrderTerms,
  limits: Limits,
  books: AccountBooks,
  { prices, clockMs }: RiskInputs,
): { others: InstrumentExposure[]; denials: Denial[] } {
  const others: InstrumentExposure[] = [];
  const denials: Denial[] = [];
  for (const instrument of instrumentsOf(books)) {
    if (instrument === terms.instrument) continue;
    const ageMsMax = ownValue(limits.instruments, instrument)?.price_age_ms_max ?? 0;
    const price = checkReferencePrice(prices.get(instrument), { instrument, clockMs, ageMsMax });
    if ('denials' in price) denials.push(...price.denials);
    else others.push(instrumentExposure(instrument, books, price.reference));
  }
  return { others, denials };
}

/** Every instrument with a position or an open order. */
function instrumentsOf(books: Pick<AccountBooks, 'positions' | 'openOrders'>): Set<string> {
  return new Set([...books.positions, ...books.openOrders].map(({ instrument }) => instrument));
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
