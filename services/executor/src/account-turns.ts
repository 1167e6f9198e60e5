/** One piece of work at a time for each account, in the order of asking. */
export class AccountTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(account: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(account) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined); // who asked for the work gets its error
    this.#last.set(account, settled);
    try {
      return await turn;
    } finally {
      if (this.#last.get(account) === settled) this.#last.delete(account);
    }
  }
}
