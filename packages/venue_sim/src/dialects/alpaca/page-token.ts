/** Where a page ended: the symbol and the open time of its last bar. */
export interface PagePosition {
  readonly symbol: string;
  readonly openMs: number;
}

const TOKEN_CHARACTERS_MAX = 200;

export function pageToken({ symbol, openMs }: PagePosition): string {
  return Buffer.from(`${symbol}|M|${openMs}`).toString('base64url');
}

/** Undefined where the token is none of ours. */
export function parsePageToken(token: string): PagePosition | undefined {
  if (token.length > TOKEN_CHARACTERS_MAX) return undefined;
  const [symbol, kind, open = ''] = Buffer.from(token, 'base64url').toString().split('|');
  if (!symbol || kind !== 'M' || !/^\d{1,16}$/.test(open)) return undefined;
  return { symbol, openMs: Number(open) };
}
