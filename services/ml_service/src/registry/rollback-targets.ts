import type { AliasChange } from '@aistock/database';

/** A change of a champion, as it is on record. */
export interface ChampionStep {
  readonly change: AliasChange;
  /** Null for a demotion. */
  readonly model_id: string | null;
}

/**
 * Models that were champion before, the one that a rollback goes to by itself first: each rollback goes further back, to
 * what was there before the one that is left, and never forward again to one that was left. Those come after, newest first.
 * @param steps all changes of the champion, in order of time. @param count at most so many.
 */
export function rollbackTargets(steps: readonly ChampionStep[], count: number): string[] {
  let line: string[] = [];
  const left: string[] = [];
  let current: string | null = null;
  for (const { change, model_id: next } of steps) {
    if (change === 'promoted') line = line.filter((modelId) => modelId !== next);
    else left.push(...line.splice(keptOf(line, current, next)));
    if (next !== null && line.at(-1) !== next) line.push(next);
    current = next;
  }
  const order = [...line.toReversed(), ...left.toReversed()].filter((modelId) => modelId !== current);
  return [...new Set(order)].slice(0, count);
}

/** How much of the line stays: up to the model that is gone back to; where that is not in it, all but what is left. */
function keptOf(line: readonly string[], current: string | null, next: string | null): number {
  const place = next === null ? -1 : line.indexOf(next);
  if (place !== -1) return place + 1;
  return line.at(-1) === current ? Math.max(0, line.length - 1) : line.length;
}
