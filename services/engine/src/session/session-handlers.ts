import type { Handlers } from '@aistock/service-kit';
import type { engineApi, Session, SessionState } from '@aistock/shared';
import { sessionOf } from './begin-session.ts';
import { readLines } from './journal.ts';
import type { LiveSessions } from './live-sessions.ts';
import { replaySession } from './replay-session.ts';
import { readSignals } from './read-signals.ts';
import type { SessionDeps } from './session-deps.ts';
import { findSession, listSessions, requestStop, type StoredSession } from './session-store.ts';

type SessionApi = Pick<
  typeof engineApi,
  'session' | 'sessions' | 'sessionById' | 'sessionLog' | 'stopSession' | 'signals'
>;

const LOG_CLOSES_DEFAULT = 1_000;

export function sessionHandlers(deps: SessionDeps, live: LiveSessions): Handlers<SessionApi> {
  const { db } = deps;
  return {
    session: async ({ body }, context) => {
      if (body.mode === 'replay') return replaySession(deps, body, context);
      const { session_id: sessionId } = await sessionOf(deps, body);
      live.wake();
      return { mode: 'live', session_id: sessionId };
    },
    sessions: async ({ query }) => ({ sessions: (await listSessions(db, query)).map(toWire) }),
    sessionById: async ({ params }) => toWire(await findSession(db, params.session_id)),
    sessionLog: async ({ params, query }) => {
      const { session_id: sessionId } = await findSession(db, params.session_id);
      const fromSeq = query.from ?? 1;
      const toSeq = fromSeq + (query.limit ?? LOG_CLOSES_DEFAULT) - 1;
      const lines = await readLines(db, sessionId, { fromSeq, toSeq });
      return lines.map((line) => `${line}\n`).join('');
    },
    stopSession: async ({ params }) => {
      await findSession(db, params.session_id);
      return toWire(await requestStop(db, params.session_id));
    },
    signals: async ({ query }) => ({ signals: await readSignals(db, query) }),
  };
}

function toWire(row: StoredSession): Session {
  return {
    session_id: row.session_id,
    account: row.account,
    mode: row.mode,
    status: row.status,
    problem: row.problem_code === null ? null : { code: row.problem_code, detail: row.problem_detail ?? '' },
    claimed_by: row.claimed_by,
    slots: [...row.terms.asked.slots],
    closes: row.seq,
    last_close_ms: row.closed_at?.getTime() ?? null,
    created_ms: row.created_at.getTime(),
    ended_ms: row.ended_at?.getTime() ?? null,
    state: row.view as SessionState | null,
  };
}
