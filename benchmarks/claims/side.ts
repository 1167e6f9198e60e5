/** One of the queues that are compared. All get the same number of items, and take them all in one process. */
export interface Side {
  /** Puts so many items in, unmeasured. */
  load: (items: number) => Promise<void>;
  /** Claims and finishes all of them, one item a claim. */
  takeOneByOne: (items: number) => Promise<void>;
  /** Claims and finishes all of them in batches. */
  takeInBatches: (items: number) => Promise<void>;
  /**
   * A claims an item, A's claim runs out, B claims it, A says that it is done. @returns whether A's word was taken
   * although the item is B's.
   */
  acceptsStale: () => Promise<boolean>;
  close: () => Promise<void>;
}

/** Claimers that work at the same time where each takes one item. */
export const SINGLE_CLAIMERS = 24;
/** Claimers that work at the same time where each takes a batch. */
export const BATCH_CLAIMERS = 4;
export const BATCH_ITEMS = 500;

/** Runs claimers at the same time until one finds nothing; each call of `take` says how many items it took. */
export async function takeAll(claimers: number, items: number, take: () => Promise<number>): Promise<void> {
  let taken = 0;
  const claimer = async () => {
    for (let count = await take(); count > 0; count = await take()) taken += count;
  };
  await Promise.all(Array.from({ length: claimers }, claimer));
  if (taken !== items) throw new Error(`${taken} items were taken, not ${items}`);
}
