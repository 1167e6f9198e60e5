import type { Limits } from '@aistock/shared';
import { Decimal, decimalText } from '../../decimal.ts';
import { ZERO } from '../../portfolio/index.ts';
import { grossNotional, type InstrumentExposure } from '../../risk/exposure.ts';
import { capByLimits, type CapInputs } from '../../sizing/index.ts';
import { isWorking } from '../books/tracked-order.ts';
import type { CoreState } from '../core-state.ts';
import type { Leg } from '../slot-state.ts';

/** An order that the limits may cap. */
interface CappedOrder {
  readonly leg: Leg;
  /** The most that a unit may cost, decimal text. */
  readonly price: string;
  /** Whether the leg is left by the same decision. */
  readonly turns: boolean;
}

/** The largest share of equity that the limits leave; null where none are asked. @param share of what they leave the account. */
export function limitCap(
  state: CoreState,
  { leg, price, turns }: CappedOrder,
  { equity, share }: { readonly equity: string; readonly share: number },
): number | null {
  const { limits } = state;
  if (limits === null) return null;
  const { instrument } = leg.stream.setup;
  if (leavesPlenty(state, limits, { instrument, price, equity, accountShare: share })) return 1;
  let own = ZERO;
  let account = ZERO;
  // The gate values what is held and what is ordered at one price, the highest of all.
  let valued = new Decimal(price);
  for (const each of state.instruments) {
    const exposure = exposureIn(state, each, turns ? leg : undefined);
    if (each === instrument && valued.lt(exposure.price)) valued = exposure.price;
    const gross = grossNotional(each === instrument ? { ...exposure, price: valued } : exposure);
    account = account.plus(gross);
    if (each === instrument) own = gross;
  }
  const cap = capByLimits(limits, {
    instrument,
    price: decimalText(valued),
    equity,
    grossInstrument: decimalText(own),
    grossAccount: decimalText(account),
    accountShare: share,
  });
  return cap * (Number(price) / valued.toNumber());
}

/** How many times the equity must be left for the limits to be surely no bound, whatever float64 rounds. */
const PLENTY = 2;

/** Whether the limits leave so much more than all of the equity that they need not be looked at in decimals. */
function leavesPlenty(
  { slots }: CoreState,
  limits: Limits,
  { instrument, price, equity, accountShare }: Omit<CapInputs, 'grossInstrument' | 'grossAccount'>,
): boolean {
  const own = Object.hasOwn(limits.instruments, instrument) ? limits.instruments[instrument] : undefined;
  if (!own) return false;
  let gross = 0;
  for (const { legs, orders } of slots) {
    if (orders.size > 0) return false;
    for (const { book, stream } of legs)
      if (book.quantity !== 0) gross += Math.abs(book.quantity) * stream.cursor.close(0);
  }
  const room = Math.min(
    Number(own.notional_max),
    Number(own.quantity_max) * Number(price),
    Number(own.gross_notional_max) - gross,
    (Number(limits.gross_notional_max) - gross) * accountShare,
  );
  return Number(equity) > 0 && room > PLENTY * Number(equity);
}

/** What is held and may fill in an instrument, at the newest close. @param leaving is counted as left. */
function exposureIn(state: CoreState, instrument: string, leaving: Leg | undefined): InstrumentExposure {
  let held = ZERO;
  let buying = ZERO;
  let selling = ZERO;
  let price = ZERO;
  for (const slot of state.slots) {
    for (const leg of slot.legs) {
      if (leg.stream.setup.instrument !== instrument) continue;
      price = Decimal.max(price, leg.stream.closeText ?? 0);
      if (leg !== leaving && leg.book.quantity !== 0) held = held.plus(leg.book.position.quantity);
    }
    for (const order of slot.orders.values()) {
      if (order.request.instrument !== instrument || !isWorking(order)) continue;
      const open = new Decimal(order.request.quantity).minus(order.filled);
      if (order.request.side === 'buy') buying = buying.plus(open);
      else selling = selling.plus(open);
      price = Decimal.max(price, order.request.limitPrice ?? 0);
    }
  }
  return { held, buying, selling, price };
}
