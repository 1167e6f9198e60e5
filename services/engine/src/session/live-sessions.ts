import { ServiceError, type StopHook } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import { ClaimLost, claimSession, releaseClaim, requireClaim, startHeartbeat, type Claim } from './claim.ts';
import { noteView } from './journal.ts';
import { tradeLive } from './live-session.ts';
import type { SessionDeps } from './session-deps.ts';
import { hasNoStop } from './no-stop.ts';
import { sessionState } from './session-state.ts';
import { endSession, noteProblem, waitingSessions, type StoredSession } from './session-store.ts';
import type { SessionRun } from './session-run.ts';
import { catchUp, failSession, takeUp } from './take-up.ts';

/** How often a process looks for live sessions that nobody trades, in ms. */
const LOOK_EVERY_MS = 2_000;
/** Live sessions that one process trades. */
const SESSIONS_MAX = 50;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

/**
 * What no later attempt can mend: a person has to look at it. A position that is not explained is not among them: nothing is
 * traded while there is one, and everything goes on once it is gone.
 */
const FATAL: ReadonlySet<string> = new Set(['decision_conflict', 'strategy_unknown']);

/** The live sessions of this process: it takes up those that nobody trades, and tries again after what went wrong. */
export class LiveSessions {
  readonly #deps: SessionDeps;
  readonly #running = new Map<string, { readonly done: Promise<void>; run: SessionRun | undefined }>();
  /** When a session that broke off is tried again, by its id, and after how long the time after. */
  readonly #pauses = new Map<
    string,
    { readonly untilMs: number; readonly nextMs: number; readonly why: string }
  >();
  readonly #stopping = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.wake();
    this.#timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
  }

  /** Looks for sessions to take up now. */
  wake(): void {
    this.#looking = this.#looking.then(() => this.#look());
  }

  get stopHook(): StopHook {
    return {
      name: 'live sessions',
      run: async () => {
        clearInterval(this.#timer);
        this.#stopping.abort();
        await this.#looking;
        await Promise.all([...this.#running.values()].map(({ done }) => done));
      },
    };
  }

  /** What is wrong, for the health of the service; undefined where nothing is. */
  troubles(): string | undefined {
    const stale = this.staleStreams;
    const told = [...this.#pauses].map(
      ([sessionId, { why }]) => `session ${sessionId} is tried again: ${why}`,
    );
    if (stale.length > 0) told.unshift(`no bars of ${stale.join(', ')}`);
    const { unprotected } = this;
    if (unprotected.length > 0) told.unshift(`no stop works behind ${unprotected.join(', ')}`);
    return told.length === 0 ? undefined : told.join('; ');
  }

  get staleStreams(): string[] {
    return [...new Set([...this.#running.values()].flatMap(({ run }) => [...(run?.state.stale ?? [])]))];
  }

  /** What is held behind a stop that does not work, as it is told to people. */
  get unprotected(): string[] {
    return [...this.#running.entries()].flatMap(([id, { run }]) =>
      (run?.state.core.books.positions ?? [])
        .filter((held) => hasNoStop(held, run?.state.tracker.open ?? []))
        .map(({ slot, instrument }) => `${instrument} of ${slot} in session ${id}`),
    );
  }

  /** Sessions that broke off and are tried again. */
  get brokenOff(): number {
    return this.#pauses.size;
  }

  get sessionIds(): string[] {
    return [...this.#running.keys()];
  }

  async #look(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    try {
      const waiting = await waitingSessions(this.#deps.db, SESSIONS_MAX);
      const nowMs = performance.now();
      for (const stored of waiting) {
        const { session_id: id } = stored;
        if (this.#running.has(id) || this.#running.size >= SESSIONS_MAX) continue;
        if ((this.#pauses.get(id)?.untilMs ?? 0) > nowMs) continue;
        this.#take(stored);
      }
      for (const id of this.#pauses.keys())
        if (!waiting.some(({ session_id: other }) => other === id)) this.#pauses.delete(id);
    } catch (error) {
      this.#deps.logger.warn('live sessions were not looked for', { error });
    }
  }

  #take(stored: StoredSession): void {
    const { session_id: id } = stored;
    const entry: { done: Promise<void>; run: SessionRun | undefined } = {
      done: Promise.resolve(),
      run: undefined,
    };
    this.#running.set(id, entry);
    entry.done = this.#trade(stored, (run) => {
      entry.run = run;
      this.#pauses.delete(id);
    })
      .catch((error: unknown) => this.#pause(id, error))
      .finally(() => this.#running.delete(id));
  }

  async #pause(id: string, error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#deps.logger.error('a live session broke off and is tried again', { session_id: id, error });
    const waitMs = this.#pauses.get(id)?.nextMs ?? RETRY_MS_MIN;
    const problem = problemOf(error);
    const nextMs = Math.min(2 * waitMs, RETRY_MS_MAX);
    this.#pauses.set(id, { untilMs: performance.now() + waitMs, nextMs, why: problem.code });
    await noteProblem(this.#deps.db, id, problem).catch((failed: unknown) =>
      this.#deps.logger.warn('why a session broke off was not noted', { session_id: id, error: failed }),
    );
  }

  async #trade(stored: StoredSession, begun: (run: SessionRun) => void): Promise<void> {
    const deps = this.#deps;
    const { session_id: sessionId, account } = stored;
    let claim: Claim;
    try {
      claim = await claimSession(deps.db, {
        sessionId,
        account,
        claimer: deps.processId,
        leaseMs: deps.limits.leaseMs,
      });
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'session_running') return; // another process was faster
      throw error;
    }
    const heartbeat = startHeartbeat(deps.db, claim, deps.logger);
    const ending = AbortSignal.any([heartbeat.lost, heartbeat.stopRequested, this.#stopping.signal]);
    try {
      const run = await takeUp(deps, claim, stored);
      await catchUp(run, { live: true });
      await noteView(deps.db, claim, sessionState(run));
      await noteProblem(deps.db, sessionId, null);
      begun(run);
      await tradeLive(run, ending);
      if (heartbeat.stopRequested.aborted) await stopFor(deps, claim);
    } catch (error) {
      if (error instanceof ClaimLost)
        deps.logger.warn('a session was lost to another process', { session_id: sessionId });
      else if (!(await failsFor(deps, claim, error))) throw error;
    } finally {
      await heartbeat.stop();
      await releaseClaim(deps.db, claim);
    }
  }
}

async function stopFor({ db }: SessionDeps, claim: Claim): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await requireClaim(trx, claim);
    await endSession(trx, claim.sessionId, null);
  });
}

/** Ends a session for what no later attempt can mend. Answers whether it did. */
async function failsFor(deps: SessionDeps, claim: Claim, error: unknown): Promise<boolean> {
  if (error instanceof ServiceError && error.code === 'journal_mismatch') return true; // it has failed already
  const problem = fatalProblem(error);
  if (problem) await failSession(deps, claim, problem);
  return problem !== undefined;
}

/** Why a session broke off, for people: of a neighbour, which call it was. */
function problemOf(error: unknown): { code: string; detail: string } {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof ServiceError) return { code: error.code, detail };
  return { code: error instanceof CallError ? 'neighbour' : 'internal_error', detail };
}

function fatalProblem(error: unknown): { code: string; detail: string } | undefined {
  // The core refuses what cannot be with a RangeError: what it was told does not fit together.
  if (error instanceof RangeError) return { code: 'event_refused', detail: error.message };
  const code =
    error instanceof ServiceError ? error.code : error instanceof CallError ? error.problem?.code : undefined;
  if (code === undefined || !FATAL.has(code)) return undefined;
  return { code, detail: (error as Error).message };
}
