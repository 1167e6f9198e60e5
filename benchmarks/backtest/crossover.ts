/** The work that both sides do: long from the close at which the fast mean crosses above the slow one until it crosses back. */
export interface Crossover {
  readonly fast: number;
  readonly slow: number;
  readonly cash: number;
  /** Of the notional, a side: 0.001 is 0.1 %. */
  readonly fee: number;
}

export interface CrossoverResult {
  readonly trades: number;
  /** After the last trade; what is open at the end is left out. */
  readonly equity: number;
}
