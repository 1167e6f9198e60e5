import { SlotVerdict } from '@aistock/shared';
import { z } from 'zod';

const Order = z.object(SlotVerdict.shape.orders.element.shape);

/** What a line of the decision log holds of a slot's verdict, besides much else. */
const SlotLine = z.object({ ...SlotVerdict.shape, kind: z.literal('slot'), orders: z.array(Order) });

/** The verdict that a line of the decision log tells; undefined for a line of another kind. */
export function verdictOf(line: string): SlotVerdict | undefined {
  const value: unknown = JSON.parse(line);
  const { success, data } = SlotLine.safeParse(value);
  if (!success) return undefined;
  const { kind: _kind, ...verdict } = data;
  return verdict;
}
