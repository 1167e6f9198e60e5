import { chanceAt, pickAt } from '@aistock/shared';
import type { SimMarket } from '../markets/sim-market.ts';
import { KIND_NAMES, type Misbehaviour } from './misbehaviour.ts';

/** Rules of different kinds with the same seed choose different bars. */
const KIND_LANE = 200;
/** Draws for each bar that is wanted, before it is settled for fewer. */
const DRAWS_PER_BAR_MAX = 100;

/** Which bars of a market a rule is about: told by the number alone, or by a list where a count is wanted. */
export function barChoice({
  kind,
  seed,
  rate,
  count,
}: Misbehaviour): (market: SimMarket, index: number) => boolean {
  const lane = KIND_LANE + KIND_NAMES.indexOf(kind);
  if (count === undefined) return (_market, index) => chanceAt(seed, lane, index) < (rate ?? 0);
  const lists = new Map<string, ReadonlySet<number>>();
  return (market, index) => {
    const known =
      lists.get(market.name) ?? chooseSome(Math.min(count, market.bars.length), market, seed, lane);
    lists.set(market.name, known);
    return known.has(index);
  };
}

function chooseSome(wanted: number, { bars }: SimMarket, seed: number, lane: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  for (let draw = 0; chosen.size < wanted && draw < wanted * DRAWS_PER_BAR_MAX; draw++)
    chosen.add(pickAt(bars.length, seed, lane, draw));
  return chosen;
}
