import { ServiceError } from '@aistock/service-kit';

/** One session an account at a time: two of them would each move the clock under the other. */
export class SessionSlots {
  readonly #accounts = new Set<string>();

  /** @throws ServiceError `session_running` where the account is being traded. */
  async take<T>(account: string, work: () => Promise<T>): Promise<T> {
    if (this.#accounts.has(account)) {
      throw new ServiceError(
        'session_running',
        409,
        `account ${account} is being traded; wait for that session`,
      );
    }
    this.#accounts.add(account);
    try {
      return await work();
    } finally {
      this.#accounts.delete(account);
    }
  }

  taken(): string[] {
    return [...this.#accounts];
  }
}
