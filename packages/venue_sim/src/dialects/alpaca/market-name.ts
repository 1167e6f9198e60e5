/** How Alpaca describes the exchange whose hours it tells. */
export const MARKET = {
  acronym: 'NYSE',
  bic: 'XNYS',
  mic: 'XNYS',
  name: 'New York Stock Exchange',
  timezone: 'America/New_York',
} as const;
