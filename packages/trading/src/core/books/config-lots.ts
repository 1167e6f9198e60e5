import { Decimal } from '../../decimal.ts';

/** So much of a position, not below zero, was opened under one choice of parameters. */
export interface ConfigLot {
  readonly configId: string;
  readonly quantity: Decimal;
}

/** Lots, oldest first, once so much more was opened under a choice. */
export function addLot(lots: readonly ConfigLot[], { configId, quantity }: ConfigLot): readonly ConfigLot[] {
  const newest = lots.at(-1);
  if (newest?.configId !== configId) return [...lots, { configId, quantity }];
  return [...lots.slice(0, -1), { configId, quantity: newest.quantity.plus(quantity) }];
}

/**
 * Takes a quantity out of lots, the oldest first. What they have too little of, such as after rounding, is of the last, which
 * stays as long as the position does.
 */
export function takeLots(
  lots: readonly ConfigLot[],
  quantity: Decimal,
): { readonly taken: readonly ConfigLot[]; readonly left: readonly ConfigLot[] } {
  const taken: ConfigLot[] = [];
  let wanted = quantity;
  let index = 0;
  for (; index < lots.length - 1 && wanted.gte(lots[index]!.quantity); index++) {
    taken.push(lots[index]!);
    wanted = wanted.minus(lots[index]!.quantity);
  }
  const last = lots[index]!;
  if (wanted.gt(0)) taken.push({ ...last, quantity: wanted });
  const rest = Decimal.max(0, last.quantity.minus(wanted));
  return { taken, left: [{ ...last, quantity: rest }, ...lots.slice(index + 1)] };
}
