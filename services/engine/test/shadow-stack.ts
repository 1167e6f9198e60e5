import { randomUUID } from 'node:crypto';
import type { Bar } from '@aistock/market';
import { ServiceError, type Handlers, type Service } from '@aistock/service-kit';
import {
  createClient,
  dataIngesterApi,
  engineApi,
  executorApi,
  riskGateApi,
  type Client,
  type Output,
} from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';
import { createApp } from '../src/app.ts';
import { linesSha256, type JournalEntry } from '../src/session/journal.ts';
import { BAR_MS, COSTS, dayBars, STREAM, TERMS, type RecordedSession } from './day-session.ts';
import { startFake, TEST_ENV } from './fake-service.ts';

const { bars: barsRoute } = dataIngesterApi;
const { paperAccount } = executorApi;
const { kill, kills } = riskGateApi;
type Kill = Output<typeof kills>['kills'][number];
const DAY_MS = 86_400_000;

/** Midday, so that yesterday is over and today is not. */
const NOW_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS + DAY_MS / 2;
/** The sessions trade the three days before today. */
export const FIRST_MS = NOW_MS - DAY_MS / 2 - 3 * DAY_MS;
/** The nth of them, from 0. */
export const dayName = (day: number): string => new Date(FIRST_MS + day * DAY_MS).toISOString().slice(0, 10);
export const BARS = dayBars(FIRST_MS);

/** What the engine's neighbours know. */
export class ShadowWorld {
  /** As the store has them now; `BARS` as it had them before. */
  restated: readonly Bar[] = BARS;
  isGateSilent = false;
  readonly kills: Kill[] = [];
  readonly #page = 300;

  readonly ingester: Handlers<{ bars: typeof barsRoute }> = {
    bars: async ({ query }) => {
      const {
        from_ms: fromMs = 0,
        to_ms: toMs = Infinity,
        as_of_ms: asOfMs = Infinity,
        known_ms: knownMs,
      } = query;
      const found = (knownMs === undefined ? this.restated : BARS).filter(
        ({ openMs }) => openMs >= fromMs && openMs < toMs && openMs + BAR_MS <= asOfMs,
      );
      return {
        stream: STREAM,
        bars: found.slice(0, this.#page).map(({ openMs, ...prices }) => ({ open_ms: openMs, ...prices })),
        next_from_ms: found[this.#page]?.openMs ?? null,
      };
    },
  };

  readonly executor: Handlers<{ paperAccount: typeof paperAccount }> = {
    paperAccount: async ({ params: { account } }) => {
      if (account !== 'paper') throw new ServiceError('account_unknown', 404, 'no such account');
      return { account, currency: 'USDT', start_cash: '100000', costs: COSTS };
    },
  };

  readonly gate: Handlers<{ kill: typeof kill; kills: typeof kills }> = {
    kills: async () => {
      if (this.isGateSilent) throw new ServiceError('broken', 500, 'it is down');
      return { kill_epoch: this.kills.length, kills: this.kills };
    },
    kill: async ({ body }) => {
      const put = { kill_id: randomUUID(), ...body, since_ms: NOW_MS };
      this.kills.push(put);
      return { kill_epoch: this.kills.length, kill: put };
    },
  };
}

export interface ShadowStack extends AsyncDisposable {
  readonly world: ShadowWorld;
  readonly database: TestDatabase;
  readonly startEngine: (
    env?: Record<string, string>,
  ) => Promise<{ service: Service; client: Client<typeof engineApi> }>;
  /** Writes a session down as if it had traded; its id. */
  readonly keep: (session: RecordedSession, account?: string) => Promise<string>;
}

/** A database and the neighbours that a shadow backtest asks. */
export async function startShadowStack(): Promise<ShadowStack> {
  const database = await createTestDatabase();
  const world = new ShadowWorld();
  const neighbours = await Promise.all([
    startFake('data_ingester', { bars: barsRoute }, world.ingester),
    startFake('executor', { paperAccount }, world.executor),
    startFake('risk_gate', { kill, kills }, world.gate),
  ]);
  const peers = Object.fromEntries(neighbours.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]));
  const engines: Service[] = [];
  return {
    world,
    database,
    startEngine: async (env = {}) => {
      const known = { ...TEST_ENV, ...peers, DATABASE_URL: database.url('engine'), SHADOW_CRON: 'off' };
      const service = await createApp({ ...known, ...env }, { clock: { nowMs: () => NOW_MS } });
      engines.push(service);
      await service.listen();
      return { service, client: createClient(engineApi, { baseUrl: service.url }) };
    },
    keep: (session, account = 'paper') => keepSession(database, session, account),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...engines, ...neighbours].map((one) => one.stop()));
      await database.drop();
    },
  };
}

/** Claimed for an hour, so that no engine takes it up. */
async function keepSession(
  { db }: TestDatabase,
  { first, entries }: RecordedSession,
  account: string,
): Promise<string> {
  const terms = { ...TERMS, asked: { ...TERMS.asked, account } };
  const { rows } = await sql<{ session_id: string }>`
    INSERT INTO engine.session (account, mode, terms_sha256, terms, claimed_by, lease_until)
    VALUES (${account}, 'live', ${'0'.repeat(64)}, ${JSON.stringify(terms)}, 'test', clock_timestamp() + interval '1 hour')
    RETURNING session_id`.execute(db);
  const sessionId = rows[0]!.session_id;
  await db
    .insertInto('engine.snapshot')
    .values({ session_id: sessionId, seq: 0, state: JSON.stringify(first) })
    .execute();
  await db
    .insertInto('engine.journal')
    .values(entries.map((entry) => rowOf(sessionId, entry)))
    .execute();
  return sessionId;
}

function rowOf(sessionId: string, { seq, closeMs, events, lines }: JournalEntry) {
  return {
    session_id: sessionId,
    seq,
    closed_at: new Date(closeMs),
    events: JSON.stringify(events),
    lines: [...lines],
    lines_sha256: linesSha256(lines),
  };
}
