/** One trading day as an exchange's calendar tells it. */
export interface ExchangeDay {
  /** The day on the exchange's own clock, such as `2024-11-29`. */
  readonly day: string;
  /** Unix ms UTC. */
  readonly opensMs: number;
  readonly closesMs: number;
}
