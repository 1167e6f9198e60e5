/** What happened to a share before a bar. It is told beside the bars and never worked into them. */
export type CorporateAction =
  | {
      readonly kind: 'split';
      /** The first bar after it, by its open time in Unix ms UTC. */
      readonly exOpenMs: number;
      /** So many new shares for so many old ones, exact decimal text: 4 for 1. */
      readonly newShares: string;
      readonly oldShares: string;
    }
  | {
      readonly kind: 'dividend';
      readonly exOpenMs: number;
      /** Of one share, in the currency of its price, exact decimal text. */
      readonly amount: string;
    };
