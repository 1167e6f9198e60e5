/** What is traded: `BTC` of `BTC/USDT`, a stock itself. */
export function baseCurrency(instrument: string): string {
  return instrument.split('/')[0]!;
}

/** What its prices are in: `USDT` of `BTC/USDT` and of `BTC/USDT:USDT`; undefined where the name does not say. */
export function quoteCurrency(instrument: string): string | undefined {
  return instrument.split('/')[1]?.split(':')[0];
}
