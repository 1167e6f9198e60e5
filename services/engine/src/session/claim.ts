import type { Db, Trx } from '@aistock/database';
import { ServiceError, type Logger } from '@aistock/service-kit';
import { sql } from 'kysely';

const RENEWALS_PER_LEASE = 4;
/** The last part of a lease, in which its holder no longer trusts it: clocks and networks are not exact. */
const MARGIN_FRACTION = 1 / 5;

/** A session, claimed by this process. Whoever holds an earlier epoch changes nothing. */
export interface Claim {
  readonly sessionId: string;
  readonly epoch: number;
  /** How long it holds without being renewed: so long nobody goes on after a crash. */
  readonly leaseMs: number;
  /** Until when its holder trusts it, by the monotonic clock of the process; each renewal moves it. */
  readonly trust: { untilMs: number };
}

/** The session is somebody else's by now, or nobody's: whatever was being done for it must end. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
  constructor({ sessionId, epoch }: Claim) {
    super(`claim ${epoch} of session ${sessionId} no longer holds`);
  }
}

/**
 * Takes a session, where nobody holds it and none of its account is held.
 * @throws ServiceError `session_running` otherwise.
 */
export async function claimSession(
  db: Db,
  {
    sessionId,
    account,
    claimer,
    leaseMs,
  }: Pick<Claim, 'sessionId' | 'leaseMs'> & { readonly account: string; readonly claimer: string },
): Promise<Claim> {
  const askedMs = performance.now();
  const epoch = await db.transaction().execute(async (trx) => {
    await lockAccount(trx, account);
    // A claim that ran out is nobody's, and would stand in the way of a claim of the account's other sessions.
    await sql`UPDATE engine.session SET claimed_by = NULL, lease_until = NULL
      WHERE account = ${account} AND lease_until <= clock_timestamp()`.execute(trx);
    const { rows } = await sql<{ claim_epoch: number }>`
      UPDATE engine.session SET claim_epoch = claim_epoch + 1, claimed_by = ${claimer}, lease_until = ${leaseEnd(leaseMs)}
      WHERE session_id = ${sessionId} AND status = 'open'
        AND NOT EXISTS (SELECT FROM engine.session AS other WHERE other.account = ${account} AND other.claimed_by IS NOT NULL)
      RETURNING claim_epoch`.execute(trx);
    return rows[0]?.claim_epoch;
  });
  if (epoch !== undefined)
    return { sessionId, epoch, leaseMs, trust: { untilMs: askedMs + trustMs(leaseMs) } };
  throw new ServiceError('session_running', 409, `account ${account} is being traded; wait for that session`);
}

/** Sessions of one account begin and are claimed one after the other. */
export async function lockAccount(trx: Trx, account: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('engine.session ' || ${account}, 0))`.execute(trx);
}

/** Holds in the transaction for as long as it is open. @throws ClaimLost. */
export async function requireClaim(trx: Trx, claim: Claim): Promise<void> {
  const { rows } = await sql`SELECT FROM engine.session WHERE ${holds(claim)} FOR UPDATE`.execute(trx);
  if (rows.length === 0) throw new ClaimLost(claim);
}

/**
 * For what no transaction can fence: nothing is asked of the executor on a claim that may be somebody else's by now, as after
 * a process was stopped for a while in the middle of a close.
 * @throws ClaimLost.
 */
export function requireTrust(claim: Claim): void {
  if (!(performance.now() < claim.trust.untilMs)) throw new ClaimLost(claim);
}

const trustMs = (leaseMs: number): number => leaseMs * (1 - MARGIN_FRACTION);

/** Gives a session back for others, or for later. */
export async function releaseClaim(db: Db, claim: Claim): Promise<void> {
  await sql`UPDATE engine.session SET claimed_by = NULL, lease_until = NULL
    WHERE session_id = ${claim.sessionId} AND claim_epoch = ${claim.epoch}`.execute(db);
}

const leaseEnd = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs}::int * interval '1 millisecond'`;
const holds = ({ sessionId, epoch }: Claim) =>
  sql`session_id = ${sessionId} AND claim_epoch = ${epoch} AND lease_until > clock_timestamp()`;

/** Renewals that are under way. */
export interface Heartbeat {
  /** Aborted with ClaimLost as soon as the claim can no longer be trusted. */
  readonly lost: AbortSignal;
  /** Aborted when somebody asked for the session's end. */
  readonly stopRequested: AbortSignal;
  /** Ends the renewals, and waits for one under way. */
  readonly stop: () => Promise<void>;
}

/**
 * Keeps a claim alive. This only saves useless work; that a lost claim changes nothing is what `requireClaim` makes sure
 * of, in the transactions that write.
 */
export function startHeartbeat(db: Db, claim: Claim, logger: Logger): Heartbeat {
  const lost = new AbortController();
  const stopRequested = new AbortController();
  const { leaseMs, trust } = claim;
  const lose = (): void => {
    trust.untilMs = -Infinity;
    lost.abort(new ClaimLost(claim));
  };
  let expiry = setTimeout(lose, trust.untilMs - performance.now());
  let renewal = Promise.resolve();
  const renew = async (): Promise<void> => {
    const sentMs = performance.now();
    try {
      const { rows } = await sql<{ stop_requested: boolean }>`
        UPDATE engine.session SET lease_until = ${leaseEnd(leaseMs)} WHERE ${holds(claim)} RETURNING stop_requested`.execute(
        db,
      );
      if (!rows[0]) return lose();
      if (rows[0].stop_requested) stopRequested.abort();
      if (lost.signal.aborted) return; // what was given up for lost stays so, for its work may have ended
      trust.untilMs = sentMs + trustMs(leaseMs);
      clearTimeout(expiry);
      expiry = setTimeout(lose, Math.max(0, trust.untilMs - performance.now()));
    } catch (error) {
      logger.warn('a claim was not renewed', { session_id: claim.sessionId, error });
    }
  };
  let renewing = false;
  const timer = setInterval(() => {
    if (renewing) return;
    renewing = true;
    renewal = renew().finally(() => (renewing = false));
  }, leaseMs / RENEWALS_PER_LEASE);
  return {
    lost: lost.signal,
    stopRequested: stopRequested.signal,
    stop: async () => {
      clearInterval(timer);
      await renewal;
      clearTimeout(expiry);
    },
  };
}
