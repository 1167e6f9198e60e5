import type { Db } from '@aistock/database';
import { normaliseDecimal, parseFactorFile, type Calendar, type CorporateAction } from '@aistock/market';
import { ServiceError, type Clock, type Handlers } from '@aistock/service-kit';
import type { dataIngesterApi, Output, Parsed } from '@aistock/shared';
import type { StreamCatalogue } from '../stream-catalogue.ts';
import { actionsKnownAt, noteActions, type ActionRow } from './action-store.ts';

type ActionHandlers = Pick<Handlers<typeof dataIngesterApi>, 'corporateActions' | 'noteCorporateActions'>;
type Answer = Output<typeof dataIngesterApi.corporateActions>;
type NewAction = NonNullable<Parsed<typeof dataIngesterApi.noteCorporateActions>['body']['actions']>[number];

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  readonly catalogue: StreamCatalogue;
}

export function createActionHandlers({ db, clock, catalogue }: Parts): ActionHandlers {
  const answer = async (stream: string, at: Date): Promise<Answer> => ({
    stream,
    actions: (await actionsKnownAt(db, stream, at)).map(toWire),
  });
  return {
    corporateActions: async ({ params, query }) => {
      const { stream } = await catalogue.find(params.id, 'id');
      return answer(stream, new Date(Math.min(query.as_of_ms ?? Infinity, clock.nowMs())));
    },
    noteCorporateActions: async ({ params, body }) => {
      const spec = await catalogue.find(params.id, 'id');
      const { stream } = spec;
      const now = new Date(clock.nowMs());
      if (body.known_ms !== undefined && body.known_ms > now.getTime())
        throw new ServiceError('known_later', 400, 'known_ms must not be later than now', {
          fields: [{ field: 'known_ms', message: 'must not be later than now' }],
        });
      const knownAt = body.known_ms === undefined ? undefined : new Date(body.known_ms);
      const { by, reason } = body;
      const actions = body.actions?.map(toAction) ?? fromFile(body.factor_file ?? '', spec.calendar);
      await db.transaction().execute(async (trx) => {
        await noteActions(trx, stream, { actions, knownAt, now, by, reason });
      });
      return answer(stream, now);
    },
  };
}

function toAction(action: NewAction): CorporateAction {
  const exOpenMs = action.ex_ms;
  return action.kind === 'split'
    ? { kind: 'split', exOpenMs, newShares: action.new_shares, oldShares: action.old_shares }
    : { kind: 'dividend', exOpenMs, amount: action.amount };
}

function fromFile(text: string, calendar: Calendar): CorporateAction[] {
  try {
    return parseFactorFile(text, calendar);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ServiceError('malformed_factor_file', 400, error.message, {
      cause: error,
      fields: [{ field: 'factor_file', message: error.message }],
    });
  }
}

function textOf(value: string | null): string | null {
  return value === null ? null : normaliseDecimal(value);
}

function toWire(row: ActionRow): Answer['actions'][number] {
  return {
    kind: row.kind,
    ex_ms: row.ex_at.getTime(),
    known_ms: row.known_at.getTime(),
    new_shares: textOf(row.new_shares),
    old_shares: textOf(row.old_shares),
    amount: textOf(row.amount),
    noted_by: row.noted_by,
    reason: row.reason,
  };
}
