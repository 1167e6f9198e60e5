import type { Decimal } from '../../decimal.ts';

/** So much of a position, above zero, was opened under one choice of parameters. */
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
 * What a closing quantity is of, the oldest lots first. What the lots have too little of, such as after rounding, is of the last.
 * @returns at least one part; together they are the quantity.
 */
export function partsOf(lots: readonly ConfigLot[], quantity: Decimal): readonly Decimal[] {
  const parts: Decimal[] = [];
  let left = quantity;
  for (const [index, lot] of lots.entries()) {
    const isLast = index === lots.length - 1 || left.lte(lot.quantity);
    parts.push(isLast ? left : lot.quantity);
    if (isLast) break;
    left = left.minus(lot.quantity);
  }
  return parts;
}

/** Lots once a part of the oldest was closed; the last one stays as long as the position does. */
export function takeLot(lots: readonly ConfigLot[], quantity: Decimal): readonly ConfigLot[] {
  const [oldest, ...later] = lots;
  if (!oldest || (quantity.gte(oldest.quantity) && later.length > 0)) return later;
  return [{ ...oldest, quantity: oldest.quantity.minus(quantity) }, ...later];
}
