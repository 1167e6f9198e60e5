import { marketData, trading } from '@alpacahq/alpaca-trade-api/rest';
import { SourceError } from '../bar-source.ts';
import { parseExactJson } from '../http/exact-json.ts';
import { recordingHttp, type RecordingHttp } from '../http/recording-http.ts';
import { sourceErrorOf } from '../http/source-error-of.ts';
import type { WebTerms } from '../http/web-client.ts';
import { retried } from '../resilience/retry.ts';

const LIVE_ORIGIN = 'https://api.alpaca.markets';
const PAPER_ORIGIN = 'https://paper-api.alpaca.markets';
const DATA_ORIGIN = 'https://data.alpaca.markets';

export interface AlpacaAccount {
  readonly keyId: string;
  readonly secret: string;
  /** The keys are of a paper account; true unless told. */
  readonly paper?: boolean;
}

/** The parts of Alpaca's API that reading bars needs. */
export interface AlpacaRest {
  readonly stocks: marketData.StockApi;
  readonly crypto: marketData.CryptoApi;
  readonly clock: trading.ClockApi;
  readonly calendar: trading.CalendarApi;
  readonly assets: trading.AssetsApi;
  /**
   * Asks a question and gives the JSON that came, numbers as text. The library makes floats of them: of a volume with
   * more than 17 digits it would lose some, and of `174.10` the zero.
   * @throws SourceError after all tries.
   */
  readonly ask: (question: () => Promise<{ readonly raw: Response }>) => Promise<unknown>;
  readonly http: RecordingHttp;
}

/** Every request goes through `recordingHttp`; the library's own retries, limits and deadlines are off. */
export function alpacaRest(account: AlpacaAccount, terms: WebTerms): AlpacaRest {
  const { keyId, secret, paper = true } = account;
  const tradingOrigin = terms.origin ?? (paper ? PAPER_ORIGIN : LIVE_ORIGIN);
  const dataOrigin = terms.origin ?? DATA_ORIGIN;
  const http = recordingHttp({
    ...terms,
    venue: 'alpaca',
    origins: [tradingOrigin, dataOrigin],
    secrets: [keyId, secret],
  });
  const common = { keyId, secret, fetchApi: http.fetch, timeoutMs: 0 };
  const ofData = new marketData.Configuration({ ...common, basePath: dataOrigin });
  const ofTrading = new trading.Configuration({ ...common, basePath: tradingOrigin });
  return {
    stocks: new marketData.StockApi(ofData),
    crypto: new marketData.CryptoApi(ofData),
    clock: new trading.ClockApi(ofTrading),
    calendar: new trading.CalendarApi(ofTrading),
    assets: new trading.AssetsApi(ofTrading),
    ask: (question) =>
      retried(
        async () => {
          try {
            const { raw } = await question();
            return parseExactJson(await raw.text());
          } catch (error) {
            throw alpacaErrorOf(error);
          }
        },
        terms.retryWorld,
        terms.retryTerms,
      ),
    http,
  };
}

/** What Alpaca says, with 400 and 422, of a name that can be none, and with 404 of one that it does not have. */
const NO_SUCH_NAME = /invalid symbol|asset not found/i;

function alpacaErrorOf(error: unknown): SourceError {
  const failure = sourceErrorOf(error, 'asking alpaca');
  return failure.code === 'source_refused' && NO_SUCH_NAME.test(failure.message)
    ? new SourceError('unknown_instrument', failure.message, { cause: error })
    : failure;
}
