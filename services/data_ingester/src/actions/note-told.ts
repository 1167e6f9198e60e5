import type { Trx } from '@aistock/database';
import type { CorporateAction } from '@aistock/market';
import { noteActions } from './action-store.ts';

export interface ToldActions {
  /** Which source told them. */
  readonly source: string;
  readonly actions?: readonly CorporateAction[] | undefined;
}

/** Notes the splits and dividends that a source told beside its bars. */
export async function noteTold(
  trx: Trx,
  stream: string,
  { source, actions = [] }: ToldActions,
  now: Date,
): Promise<void> {
  await noteActions(trx, stream, { actions, now, by: source, reason: 'told by the source' });
}
