/** What a venue takes of an instrument from a day on. Decimal text; lot and tick above zero, the minimum zero or above. */
export interface InstrumentRules {
  /** From when they hold, Unix ms. */
  readonly fromMs: number;
  readonly lotSize: string;
  readonly tickSize: string;
  readonly notionalMin: string;
}
