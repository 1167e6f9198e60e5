import { SourceError } from '../bar-source.ts';
import { codeOfStatus } from '../http/source-error-of.ts';
import { webClient, type WebClient, type WebTerms } from '../http/web-client.ts';

/** The key, and by which means it is asked. */
export interface FinnhubTerms extends WebTerms {
  readonly apiKey: string;
}

/** Finnhub's API behind its key, which goes in a header and never in a URL. Its refusals are errors. */
export function finnhubClient(terms: FinnhubTerms): Omit<WebClient, 'get'> & {
  readonly ask: (path: string, params: Readonly<Record<string, string | number>>) => Promise<unknown>;
} {
  const { get, ...client } = webClient(
    {
      venue: 'finnhub',
      origin: 'https://finnhub.io',
      headers: { 'x-finnhub-token': terms.apiKey },
      secrets: [terms.apiKey],
    },
    terms,
  );
  return {
    ...client,
    ask: async (path, params) => {
      const { status, body } = await get(`/api/v1${path}`, params);
      const refused = codeOfStatus(status);
      if (refused) throw new SourceError(refused, `finnhub answered ${status}${reasonOf(status)}`);
      return body;
    },
  };
}

function reasonOf(status: number): string {
  if (status === 401) return ': the key is not valid';
  return status === 403 ? ': the plan of this key does not have this' : '';
}
