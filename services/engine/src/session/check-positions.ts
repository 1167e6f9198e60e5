import { ServiceError } from '@aistock/service-kit';
import { sameAmount, sum } from '@aistock/trading/portfolio';
import { recordOf, tellNews } from './executor-desk.ts';
import type { SessionRun } from './session-run.ts';

/** Times that the account is read, for something may fill between the reading of orders and of positions. */
const READS_MAX = 3;

/**
 * Whether the account holds what the session's fills come to. While it is not known what became of an order nobody can tell;
 * one that was not sent has changed nothing.
 * @throws ServiceError `position_unexplained`.
 */
export async function checkPositions(run: SessionRun): Promise<void> {
  for (let read = 1; ; read++) {
    if (run.state.tracker.unsettled.some(({ own }) => own.status !== null)) return;
    const unexplained = await findUnexplained(run);
    if (unexplained === undefined) return;
    if (read === READS_MAX) throw new ServiceError('position_unexplained', 409, unexplained);
    tellNews(run, await recordOf(run, run.state.tracker.open));
  }
}

/** What is held besides; undefined where nothing is. */
async function findUnexplained({ deps, state, terms }: SessionRun): Promise<string | undefined> {
  const { account } = terms.asked;
  const { positions } = await deps.neighbours.executor.positions({ query: { account } });
  for (const instrument of new Set(terms.streams.map((stream) => stream.instrument))) {
    const held = positions.find((position) => position.instrument === instrument)?.quantity ?? '0';
    const own = state.core.books.positions.filter((position) => position.instrument === instrument);
    const explained = sum('0', ...own.map(({ position }) => position.quantity));
    if (!sameAmount(held, explained))
      return (
        `account ${account} holds ${held} ${instrument}, but the session's fills come to ${explained}; ` +
        'close what is not its own before it goes on'
      );
  }
  return undefined;
}
