import { sha256Hex } from '@aistock/shared';

/** What makes a decision the same decision. */
export interface Decision {
  readonly account: string;
  /** Which of the account's strategies decided; two may trade one instrument. */
  readonly slot: string;
  readonly strategy: string;
  readonly instrument: string;
  /** The stream that it was decided on: bars of two timeframes may open at one time. */
  readonly stream: string;
  /** Open time of the bar that it was made on, Unix ms. */
  readonly barOpenMs: number;
  /** Which order of the decision, such as `entry`. */
  readonly leg: string;
}

/** SHA-256 in hex of the decision's canonical JSON: deciding again over the same bar gives the same id. */
export function decisionId(decision: Decision): string {
  // Written out in the order of its keys, since a backtest makes many thousands of them.
  const json =
    `{"account":${quoted(decision.account)},"bar_open_ms":${decision.barOpenMs},` +
    `"instrument":${quoted(decision.instrument)},"leg":${quoted(decision.leg)},"slot":${quoted(decision.slot)},` +
    `"strategy":${quoted(decision.strategy)},"stream":${quoted(decision.stream)}}`;
  return sha256Hex(json);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

const CLIENT_ORDER_ID_HEX = 30;

/** The id under which the order goes to the venue: 32 characters, which every supported venue takes. */
export function clientOrderId(decision: string): string {
  return `as${decision.slice(0, CLIENT_ORDER_ID_HEX)}`;
}
