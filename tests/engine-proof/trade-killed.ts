import { setTimeout as delay } from 'node:timers/promises';
import { CallError, chanceAt } from '@aistock/shared';
import type { Clients } from '../../scripts/stack/clients.ts';
import type { PreparedCase } from './prepare-case.ts';
import { accountOf } from './proof-case.ts';
import type { ProofStack } from './proof-stack.ts';
import type { ProofTerms } from './proof-terms.ts';
import { replayed, sessionBody, tradedOf, type Traded } from './trade-on-paper.ts';

const SHARE_LANE = 2_000;
const MOMENT_LANE = 2_001;
/** No kill comes later: a session that is done cannot be killed. */
const LAST_SHARE = 0.9;
/** After the close at which a kill is due it comes at a random moment of so long, inside of a close or between two. */
const MOMENT_MS_MAX = 100;
const LOOK_EVERY_MS = 25;
const RETRY_MS = 100;
/** Without a new close for so long something hangs. */
const STANDSTILL_MS = 120_000;

/** What came after a kill. */
export interface Recovery {
  /** From the kill until the new process was ready, and until every session had decided its next close, ms. */
  readonly readyMs: number;
  readonly tradingMs: number;
}

export interface KilledRun {
  readonly traded: readonly Traded[];
  /** How often each case was hit. */
  readonly hits: readonly number[];
  readonly recoveries: readonly Recovery[];
}

/** A case on its way. */
interface Ride {
  readonly prepared: PreparedCase;
  readonly done: Promise<Traded>;
  isDone: boolean;
  hits: number;
}

/**
 * Trades all cases at once, and kills the engine at random moments until each was hit as often as is wanted: spread over the
 * one that is done first, and then over what is left of the next.
 * @param cases those first that take the shortest.
 * @param over is aborted when nothing more is to be asked for.
 */
export async function tradeKilled(
  stack: ProofStack,
  cases: readonly PreparedCase[],
  { kills, seed, over }: Pick<ProofTerms, 'kills' | 'seed'> & { readonly over: AbortSignal },
): Promise<KilledRun> {
  const rides = cases.map((prepared) => rideOf(stack.clients, prepared, over));
  const shares = Array.from({ length: kills }, (_, kill) => LAST_SHARE * chanceAt(seed, SHARE_LANE, kill));
  const recoveries: Recovery[] = [];
  const all = Promise.all(rides.map(({ done }) => done));
  const killing = async () => {
    for (const ride of rides) {
      const startShare = await shareDone(stack.clients, ride);
      for (const share of shares.toSorted((a, b) => a - b).filter((each) => each >= startShare)) {
        await untilShare(stack.clients, ride, share);
        await delay(MOMENT_MS_MAX * chanceAt(seed, MOMENT_LANE, recoveries.length));
        if (ride.isDone) break;
        recoveries.push(await killOnce(stack, rides));
      }
    }
  };
  const [traded] = await Promise.all([all, killing()]);
  return { traded, hits: rides.map(({ hits }) => hits), recoveries };
}

function rideOf(clients: Clients, prepared: PreparedCase, over: AbortSignal): Ride {
  const ride = { prepared, isDone: false, hits: 0 };
  const done = tradeThrough(clients, prepared, over).finally(() => {
    ride.isDone = true;
  });
  return Object.assign(ride, { done });
}

/** Asks the engine to trade to the end until it has done so, whatever becomes of it meanwhile. */
async function tradeThrough({ engine }: Clients, prepared: PreparedCase, over: AbortSignal): Promise<Traded> {
  const startMs = performance.now();
  const body = sessionBody(prepared, 'killed', prepared.bars.toMs);
  for (;;) {
    try {
      return tradedOf(replayed(await engine.session({ body })), startMs);
    } catch (error) {
      if (!isCutOff(error) || over.aborted) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** The engine went away, or the claim of the one that went away still holds. */
function isCutOff(error: unknown): boolean {
  return (
    error instanceof CallError && (error.status === undefined || error.problem?.code === 'session_running')
  );
}

async function killOnce(stack: ProofStack, rides: readonly Ride[]): Promise<Recovery> {
  const hit = rides.filter(({ isDone }) => !isDone);
  const before = await Promise.all(hit.map((ride) => closesDone(stack.clients, ride)));
  const killedMs = performance.now();
  await stack.killEngine();
  await stack.startEngine();
  const readyMs = performance.now() - killedMs;
  for (const [index, ride] of hit.entries()) {
    ride.hits++;
    await untilCloses(stack.clients, ride, before[index]! + 1);
  }
  return { readyMs, tradingMs: performance.now() - killedMs };
}

async function shareDone(clients: Clients, ride: Ride): Promise<number> {
  return (await closesDone(clients, ride)) / ride.prepared.bars.closes.length;
}

function untilShare(clients: Clients, ride: Ride, share: number): Promise<void> {
  return untilCloses(clients, ride, share * ride.prepared.bars.closes.length);
}

/** @throws Error where nothing is decided for too long. */
async function untilCloses(clients: Clients, ride: Ride, closes: number): Promise<void> {
  let [seen, seenMs] = [-1, performance.now()];
  while (!ride.isDone) {
    const now = await closesDone(clients, ride);
    if (now >= closes) return;
    if (now > seen) [seen, seenMs] = [now, performance.now()];
    if (performance.now() - seenMs > STANDSTILL_MS)
      throw new Error(`${ride.prepared.proof.name} stands still at close ${now}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** Closes on record. */
async function closesDone({ engine }: Clients, { prepared }: Ride): Promise<number> {
  const { sessions } = await engine.sessions({
    query: { account: accountOf(prepared.proof, 'killed'), limit: '1' },
  });
  return sessions[0]?.closes ?? 0;
}
