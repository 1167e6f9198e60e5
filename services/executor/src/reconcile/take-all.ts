import type { Db } from '@aistock/database';
import type { Broker } from '../broker.ts';
import type { OrderPlacer } from '../orders/place-order.ts';
import type { Reconciler } from './reconciler.ts';
import { takeReports } from './take-reports.ts';

export interface TakeParts {
  readonly db: Db;
  readonly broker: Broker;
  readonly placer: OrderPlacer;
  readonly reconciler: Reconciler;
}

/** Orders that the venue's reports changed. A report that fits none of ours closes the account until it is compared. */
export async function takeAll(
  { db, broker, placer, reconciler }: TakeParts,
  account: string,
): Promise<ReadonlySet<string>> {
  const { changed, problems } = await takeReports(db, broker, account, (id) => placer.isPlacing(id));
  if (problems.length > 0) reconciler.nudge(account);
  return changed;
}
