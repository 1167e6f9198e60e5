import type { Denial, Limits, OrderTerms } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { denial } from './denial.ts';
import { checkStopDistance, distanceBps } from './stop-distance.ts';

/** The exits of a bracket: the stop takes a loss and the target a profit, each from the price that the entry expects. */
export function checkProtection(
  terms: OrderTerms,
  limits: Limits['instruments'][string],
  reference: string,
): Denial[] {
  const { side, protection } = terms;
  if (!protection) return [];
  const { stop_price: stop, target_price: target, trail_bps: trailBps } = protection;
  const entry = expectedPrice(terms, new Decimal(reference));
  const denials: Denial[] = [];
  if (stop !== null) {
    if (!isBeyond(side === 'buy' ? 'below' : 'above', stop, entry))
      denials.push(wrongSide('stop', stop, entry));
    denials.push(
      ...checkStopDistance(distanceBps(stop, decimalText(entry)), limits, "the protection's stop"),
    );
  }
  if (target !== null && !isBeyond(side === 'buy' ? 'above' : 'below', target, entry))
    denials.push(wrongSide('target', target, entry));
  if (trailBps !== null)
    denials.push(...checkStopDistance(new Decimal(trailBps), limits, "the protection's trailing stop"));
  return denials;
}

/** Where the entry can be expected to fill: a stop at its stop, a limit at its limit or at a market that is better. */
function expectedPrice(terms: OrderTerms, reference: Decimal): Decimal {
  if (terms.stop_price !== null) return new Decimal(terms.stop_price);
  if (terms.limit_price === null) return reference;
  return terms.side === 'buy'
    ? Decimal.min(terms.limit_price, reference)
    : Decimal.max(terms.limit_price, reference);
}

function isBeyond(where: 'above' | 'below', price: string, entry: Decimal): boolean {
  return where === 'above' ? entry.lt(price) : entry.gt(price);
}

function wrongSide(part: 'stop' | 'target', price: string, entry: Decimal): Denial {
  const takes = part === 'stop' ? 'a loss' : 'a profit';
  return denial(
    'protection_on_wrong_side',
    `the protection's ${part} must take ${takes} from the entry's price`,
    decimalText(entry),
    price,
  );
}
