import type { Limits } from '@aistock/shared';
import { Decimal } from '../decimal.ts';

/** What an entry would come on top of. Decimal text. */
export interface CapInputs {
  readonly instrument: string;
  /** The most that a unit may cost: the order's limit price where it has one, else the newest close; above zero. */
  readonly price: string;
  readonly equity: string;
  /** Gross notional that counts already, open orders included: in the instrument, and in the whole account. */
  readonly grossInstrument: string;
  readonly grossAccount: string;
  /** Share of what the account's limit leaves that this entry may take, above 0 and at most 1: others are made with it. */
  readonly accountShare: number;
}

/** A fraction is told to so many places; it is rounded down, so that it never asks for more than the limits leave. */
const PLACES = 12;
const UNITS_PER_ONE = 10 ** PLACES;

/**
 * The largest share of equity that an entry can be without the risk gate refusing it for its quantity, its notional, or the
 * gross exposure of the instrument or the account; from 0 to 1. An instrument without limits gets 0.
 */
export function capByLimits(limits: Limits, inputs: CapInputs): number {
  const { instrument, price, equity, grossInstrument, grossAccount, accountShare } = inputs;
  const own = Object.hasOwn(limits.instruments, instrument) ? limits.instruments[instrument] : undefined;
  if (!own || !new Decimal(equity).gt(0)) return 0;
  const notional = Decimal.min(
    own.notional_max,
    new Decimal(own.quantity_max).times(price),
    new Decimal(own.gross_notional_max).minus(grossInstrument),
    new Decimal(limits.gross_notional_max).minus(grossAccount).times(accountShare),
  );
  if (!notional.gt(0)) return 0;
  return Math.min(1, notional.times(UNITS_PER_ONE).divToInt(equity).toNumber() / UNITS_PER_ONE);
}
