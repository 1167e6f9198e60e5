import type { ClosedTrade } from '@aistock/trading/core';

/** What came of a parameter decision, as far as its trades are closed. Plain data. */
export interface DueOutcome {
  readonly slot: string;
  readonly configId: string;
  readonly trades: number;
  /** Of the only trade; of several, what they earned over what their entries cost. */
  readonly reward: number;
  readonly pnl: number;
  readonly cost: number;
  readonly closedMs: number;
}

/**
 * Closed trades that param_controller has to hear of. A choice is learned from once, so the trades of one, such as the two
 * legs of a pair, come to one outcome.
 */
export class OutcomeBook {
  readonly #due: Map<string, DueOutcome>;

  constructor(due: readonly DueOutcome[] = []) {
    this.#due = new Map(due.map((outcome) => [outcome.configId, outcome]));
  }

  get due(): readonly DueOutcome[] {
    return [...this.#due.values()];
  }

  add({ slot, configId, reward, pnl, quantity, entryPrice, exitMs }: ClosedTrade): void {
    const before = this.#due.get(configId);
    const total = {
      pnl: (before?.pnl ?? 0) + Number(pnl),
      cost: (before?.cost ?? 0) + Number(quantity) * Number(entryPrice),
    };
    this.#due.set(configId, {
      slot,
      configId,
      trades: (before?.trades ?? 0) + 1,
      reward: before ? total.pnl / total.cost : reward,
      ...total,
      closedMs: Math.max(before?.closedMs ?? 0, exitMs),
    });
  }

  /** Those of a slot, which were told or need not be. */
  settle(slot: string): void {
    for (const { configId, slot: of } of this.due) if (of === slot) this.#due.delete(configId);
  }
}
