import type { CorporateActionTable, Db, Trx } from '@aistock/database';
import { normaliseDecimal, type CorporateAction } from '@aistock/market';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import type { Selectable } from 'kysely';

export type ActionRow = Selectable<CorporateActionTable>;

/** The actions of a stream, each as the newest that was known by a time, ascending by day. */
export async function actionsKnownAt(db: Db, stream: string, at: Date): Promise<ActionRow[]> {
  return db
    .selectFrom('market.corporate_action')
    .selectAll()
    .distinctOn(['ex_at', 'kind'])
    .where('stream', '=', stream)
    .where('known_at', '<=', at)
    .orderBy('ex_at')
    .orderBy('kind')
    .orderBy('known_at', 'desc')
    .execute();
}

export function toAction(row: ActionRow): CorporateAction {
  const exOpenMs = row.ex_at.getTime();
  return row.kind === 'split'
    ? { kind: 'split', exOpenMs, newShares: text(row.new_shares), oldShares: text(row.old_shares) }
    : { kind: 'dividend', exOpenMs, amount: text(row.amount) };
}

/** The table holds the numbers of each kind of action, and none else. */
function text(value: string | null): string {
  return normaliseDecimal(value ?? '');
}

export interface NewActions {
  readonly actions: readonly CorporateAction[];
  /** Since when they are known, where that is told. */
  readonly knownAt?: Date | undefined;
  readonly now: Date;
  readonly by: string;
  readonly reason: string;
}

/**
 * Notes what is not known yet, and puts it on the record; the same again changes nothing. What is past was known on its
 * day, unless something else was noted for it: then what is new is known from now on.
 * @throws ServiceError 409 `action_known_otherwise` for another action that is known since the very same time.
 */
export async function noteActions(
  trx: Trx,
  stream: string,
  { actions, knownAt, now, by, reason }: NewActions,
): Promise<void> {
  if (actions.length === 0) return;
  const before = (await actionsKnownAt(trx, stream, now)).map(toAction);
  const known = new Map(before.map((action) => [keyOf(action), action]));
  const noted: object[] = [];
  for (const action of actions) {
    const said = known.get(keyOf(action));
    if (said && same(said, action)) continue;
    const since = knownAt ?? (said ? now : new Date(Math.min(action.exOpenMs, now.getTime())));
    const inserted = await trx
      .insertInto('market.corporate_action')
      .values({ stream, known_at: since, told_at: now, noted_by: by, reason, ...valuesOf(action) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('known_at')
      .execute();
    if (inserted.length === 0)
      throw new ServiceError(
        'action_known_otherwise',
        409,
        `another ${action.kind} of ${new Date(action.exOpenMs).toISOString()} is known since ${since.toISOString()}`,
      );
    known.set(keyOf(action), action);
    const { kind, ex_at: exAt, ...numbers } = valuesOf(action);
    noted.push({ kind, ex_ms: exAt.getTime(), known_ms: since.getTime(), ...numbers });
  }
  if (noted.length > 0)
    await emitEvent(trx, { kind: 'action.noted', subject: stream, payload: { by, reason, actions: noted } });
}

function keyOf({ kind, exOpenMs }: CorporateAction): string {
  return `${kind} ${exOpenMs}`;
}

function same(a: CorporateAction, b: CorporateAction): boolean {
  const [one, other] = [valuesOf(a), valuesOf(b)];
  return (
    one.new_shares === other.new_shares && one.old_shares === other.old_shares && one.amount === other.amount
  );
}

function valuesOf(action: CorporateAction) {
  const split = action.kind === 'split' ? action : undefined;
  return {
    kind: action.kind,
    ex_at: new Date(action.exOpenMs),
    new_shares: split ? normaliseDecimal(split.newShares) : null,
    old_shares: split ? normaliseDecimal(split.oldShares) : null,
    amount: action.kind === 'dividend' ? normaliseDecimal(action.amount) : null,
  };
}
