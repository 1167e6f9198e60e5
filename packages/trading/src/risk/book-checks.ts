import type { Denial, Limits, OrderTerms } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { denial } from './denial.ts';
import {
  boundCash,
  grossNotional,
  isReducing,
  withOrder,
  type InstrumentExposure,
  type InstrumentQuantities,
} from './exposure.ts';
import type { AccountBooks, ActiveKill, EarlierOrder } from './inputs.ts';
import { killScopes } from './kill-scopes.ts';

/** What the order comes on top of: every instrument that counts, valued. */
export interface AccountExposure {
  readonly own: InstrumentExposure;
  readonly others: readonly InstrumentExposure[];
}

/** Exposure of the instrument and of the account, and cash, for an order that is not sure to reduce. */
export function checkExposure(
  terms: OrderTerms,
  limits: Limits,
  exposure: AccountExposure,
  cash: string,
): Denial[] {
  const { own, others } = exposure;
  const denials: Denial[] = [];
  const after = withOrder(own, terms);
  const gross = grossNotional(after);
  const grossMax = limits.instruments[terms.instrument]?.gross_notional_max ?? '0'; // not set, so nothing is allowed
  if (gross.gt(new Decimal(grossMax))) {
    denials.push(
      denial(
        'instrument_exposure_above_max',
        `gross exposure in ${terms.instrument} would be above the maximum`,
        grossMax,
        decimalText(gross),
      ),
    );
  }
  const accountGross = others.reduce((total, other) => total.plus(grossNotional(other)), gross);
  if (accountGross.gt(new Decimal(limits.gross_notional_max))) {
    denials.push(
      denial(
        'account_exposure_above_max',
        'gross exposure of the account would be above the maximum',
        limits.gross_notional_max,
        decimalText(accountGross),
      ),
    );
  }
  const bound = others.reduce((total, other) => total.plus(boundCash(other)), boundCash(after));
  if (bound.gt(new Decimal(cash))) {
    denials.push(
      denial('cash_insufficient', 'cash does not cover the order without leverage', cash, decimalText(bound)),
    );
  }
  return denials;
}

/** A reduce-only order that could do anything else than reduce. */
export function checkReduceOnly(terms: OrderTerms, own: InstrumentQuantities): Denial[] {
  if (!terms.reduce_only || isReducing(own, terms)) return [];
  const left = terms.side === 'sell' ? own.held.minus(own.selling) : own.held.plus(own.buying).negated();
  return [
    denial(
      'reduce_only_would_increase',
      'the order could open or turn a position',
      decimalText(Decimal.max(left, 0)),
      terms.quantity,
    ),
  ];
}

/** The same strategy asking for the same trade again within the window, under another client order id. */
export function checkDuplicate(
  terms: OrderTerms,
  windowMs: number,
  clockMs: number,
  earlier: readonly EarlierOrder[],
): Denial[] {
  const same = earlier.find(
    (order) =>
      order.clientOrderId !== terms.client_order_id &&
      order.strategy === terms.strategy &&
      order.instrument === terms.instrument &&
      order.side === terms.side &&
      new Decimal(order.quantity).equals(new Decimal(terms.quantity)) &&
      Math.abs(clockMs - order.atMs) < windowMs,
  );
  if (!same) return [];
  const ageMs = Math.abs(clockMs - same.atMs);
  return [
    denial(
      'duplicate_order',
      `the same order as ${same.clientOrderId}, too soon, in ms`,
      `${windowMs}`,
      `${ageMs}`,
    ),
  ];
}

/** Whether the account's books can be relied on. */
export function checkBooks(limits: Limits | undefined, books: AccountBooks | undefined): Denial[] {
  if (books === undefined) return [denial('not_reconciled', 'the account is not open at the executor')];
  const denials: Denial[] = [];
  if (!books.reconciled) {
    denials.push(denial('not_reconciled', "the books of the account were not found equal to the venue's"));
  }
  if (limits?.clock === 'replay' && books.venue !== 'paper') {
    denials.push(
      denial(
        'limits_not_set',
        'limits with a replay clock hold for paper accounts only',
        'paper',
        books.venue,
      ),
    );
  }
  return denials;
}

/** Kill switches that cover the order: halted lets nothing through, reducing only what shrinks a position. */
export function checkKills(terms: OrderTerms, kills: readonly ActiveKill[], reduces: boolean): Denial[] {
  if (kills.length === 0) return [];
  const scopes = killScopes(terms);
  return kills
    .filter(({ scope, level }) => scopes.has(scope) && (level === 'halted' || !reduces))
    .map(({ scope, level }) =>
      level === 'halted'
        ? denial('trading_halted', `trading is halted for ${scope}`)
        : denial('trading_reducing_only', `only orders that reduce a position may pass for ${scope}`),
    );
}
