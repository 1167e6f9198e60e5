import { decimalText } from '../../decimal.ts';
import { averagePriceOf } from '../../portfolio/index.ts';
import { isClearlyMore, isDust } from '../instruments/dust.ts';
import type { Leg, Slot } from '../slot-state.ts';

/** Brings what the strategy is shown of its positions to the close that is decided at. */
export function ageLegs(slot: Slot, atMs: number): void {
  const barOpenMs = slot.legs[0].stream.cursor.openMs(0);
  for (const leg of slot.legs) ageLeg(leg, barOpenMs, atMs);
}

function ageLeg(leg: Leg, barOpenMs: number, atMs: number): void {
  leg.isHeld = isHeldAt(leg, atMs);
  if (!leg.isHeld) {
    leg.entryMs = null;
    leg.barsHeld = 0;
    leg.view.position = undefined;
    return;
  }
  if (leg.entryMs === null) {
    leg.entryMs = barOpenMs;
    leg.holding.entryMs = barOpenMs;
    leg.barsHeld = 0;
  }
  leg.barsHeld++;
  leg.holding.barsHeld = leg.barsHeld;
  if (leg.holding.quantity !== leg.book.quantity || leg.barsHeld === 1) {
    leg.holding.quantity = leg.book.quantity;
    leg.holding.entryPrice = averagePriceOf(leg.book.position)!.toNumber();
  }
  leg.view.position = leg.holding;
}

/** Whether the leg holds more than dust at the newest close. */
function isHeldAt({ book, stream }: Leg, atMs: number): boolean {
  if (book.quantity === 0) return false;
  const rules = stream.rulesAt(atMs);
  if (!rules || stream.cursor.count === 0) return true;
  if (isClearlyMore(book.quantity, stream.cursor.close(0), rules)) return true;
  return !isDust(decimalText(book.position.quantity), stream.closeText!, rules);
}
