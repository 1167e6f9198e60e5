import { z } from 'zod';
import { READERS, route, TRADERS } from '../../route.ts';
import { InstrumentInPath, intText, MsText, Name, StreamIdInPath } from '../../vocabulary.ts';
import { SessionRequest } from './session-request.ts';
import { ReplayTally, Session, Signal } from './session-view.ts';

const SESSIONS_PER_PAGE_MAX = 500;
const SIGNALS_MAX = 1_000;
const LOG_CLOSES_MAX = 1_000;
const REPLAY_TIMEOUT_MS = 600_000;

const SessionInPath = z.strictObject({ session_id: z.uuid() });

export const sessionRoutes = {
  session: route({
    method: 'POST',
    path: '/session',
    summary:
      'Trade an account: a replay up to to_ms, answered with what it came to, or live until it is stopped.',
    roles: TRADERS,
    body: SessionRequest,
    response: z.discriminatedUnion('mode', [
      ReplayTally,
      z.strictObject({ mode: z.literal('live'), session_id: z.uuid() }),
    ]),
    timeoutMs: REPLAY_TIMEOUT_MS,
  }),
  sessions: route({
    method: 'GET',
    path: '/session',
    summary: 'The sessions, newest first: where each stands and what it decided last, with every reason.',
    roles: READERS,
    query: z.strictObject({
      account: Name.optional(),
      status: z.enum(['open', 'stopped', 'failed']).optional(),
      limit: intText(1, SESSIONS_PER_PAGE_MAX).optional(),
    }),
    response: z.strictObject({ sessions: z.array(Session) }),
  }),
  sessionById: route({
    method: 'GET',
    path: '/session/:session_id',
    summary: 'Where a session stands.',
    roles: READERS,
    params: SessionInPath,
    response: Session,
  }),
  sessionLog: route({
    method: 'GET',
    path: '/session/:session_id/log',
    summary: 'The decision log as it was hashed, a page of closes at a time; empty after the last.',
    roles: READERS,
    params: SessionInPath,
    query: z.strictObject({
      /** The first close, counted from 1. */
      from: intText(1, 999_999_999).optional(),
      limit: intText(1, LOG_CLOSES_MAX).optional(),
    }),
    response: z.string(),
    contentType: 'application/x-ndjson',
  }),
  stopSession: route({
    method: 'POST',
    path: '/session/:session_id/stop',
    summary: 'End a session; its positions and working orders stay as they are.',
    roles: TRADERS,
    params: SessionInPath,
    response: Session,
  }),
  signals: route({
    method: 'GET',
    path: '/signals',
    summary: 'For each instrument and bar, newest first: what was decided, and every reason for and against.',
    roles: READERS,
    query: z.strictObject({
      session_id: z.uuid().optional(),
      account: Name.optional(),
      slot: Name.optional(),
      strategy: Name.optional(),
      instrument: InstrumentInPath.optional(),
      stream: StreamIdInPath.optional(),
      /** Closes from then on, and until then. */
      from_ms: MsText.optional(),
      to_ms: MsText.optional(),
      limit: intText(1, SIGNALS_MAX).optional(),
    }),
    response: z.strictObject({ signals: z.array(Signal) }),
  }),
} as const;
