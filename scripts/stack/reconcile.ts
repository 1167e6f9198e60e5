import type { Client, executorApi } from '@aistock/shared';

/** After a crash the executor waits a moment for what its venue may still come to know. */
const WAIT_MS_MAX = 15_000;
const RETRY_MS = 500;

/** Asks the executor to compare its books with its venues until they agree. @throws Error with the differences if they never do. */
export async function reconcile(executor: Client<typeof executorApi>): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const { reconciled, accounts } = await executor.reconcile();
    if (reconciled) return;
    if (performance.now() > deadlineMs) {
      const differences = accounts.flatMap((one) => one.differences.map((text) => `${one.account}: ${text}`));
      throw new Error(`the books do not agree with the venue: ${differences.join('; ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
