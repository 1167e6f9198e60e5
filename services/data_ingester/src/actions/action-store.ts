import type { CorporateActionTable, Db, Trx } from '@aistock/database';
import { normaliseDecimal, type CorporateAction } from '@aistock/market';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import type { Selectable } from 'kysely';

export type ActionRow = Selectable<CorporateActionTable>;

/** The last time that can be told. */
export const LATEST = new Date(8_640_000_000_000_000);

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
 * day, unless something else was noted for it: then what is new is known from now on, and always after that. So what a
 * source tells, which never says since when, is taken whatever was noted before it.
 * @throws ServiceError 409 `action_known_otherwise` for another action that is known since the very time that is told.
 */
export async function noteActions(
  trx: Trx,
  stream: string,
  { actions, knownAt, now, by, reason }: NewActions,
): Promise<void> {
  if (actions.length === 0) return;
  await holdActions(trx, stream);
  const known = await latestKnown(trx, stream);
  const noted: object[] = [];
  for (const action of actions) {
    const said = known.get(keyOf(action));
    if (said && same(said.action, action)) continue;
    const since = knownAt ?? sinceWhen(action, said, now);
    const inserted = await trx
      .insertInto('market.corporate_action')
      .values({ stream, known_at: since, told_at: now, noted_by: by, reason, ...valuesOf(action) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('known_at')
      .execute();
    if (inserted.length === 0) throw knownOtherwise(action, since);
    known.set(keyOf(action), { action, knownAt: since });
    const { kind, ex_at: exAt, ...numbers } = valuesOf(action);
    noted.push({ kind, ex_ms: exAt.getTime(), known_ms: since.getTime(), ...numbers });
  }
  if (noted.length > 0)
    await emitEvent(trx, { kind: 'action.noted', subject: stream, payload: { by, reason, actions: noted } });
}

/** Nobody else notes actions of the stream before this transaction ends. */
async function holdActions(trx: Trx, stream: string): Promise<void> {
  await trx
    .selectFrom('market.stream')
    .select('stream')
    .where('stream', '=', stream)
    .forNoKeyUpdate()
    .execute();
}

interface KnownAction {
  readonly action: CorporateAction;
  readonly knownAt: Date;
}

/** Also what is known since later than now, which a clock that was set back leaves behind. */
async function latestKnown(trx: Trx, stream: string): Promise<Map<string, KnownAction>> {
  const rows = await actionsKnownAt(trx, stream, LATEST);
  const known = rows.map((row): KnownAction => ({ action: toAction(row), knownAt: row.known_at }));
  return new Map(known.map((said) => [keyOf(said.action), said]));
}

function sinceWhen({ exOpenMs }: CorporateAction, said: KnownAction | undefined, now: Date): Date {
  if (said === undefined) return new Date(Math.min(exOpenMs, now.getTime()));
  return new Date(Math.max(said.knownAt.getTime() + 1, now.getTime()));
}

function knownOtherwise({ kind, exOpenMs }: CorporateAction, since: Date): ServiceError {
  return new ServiceError(
    'action_known_otherwise',
    409,
    `another ${kind} of ${new Date(exOpenMs).toISOString()} is known since ${since.toISOString()}`,
  );
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
