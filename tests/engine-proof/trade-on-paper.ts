import type { engineApi, Input, ReplayTally } from '@aistock/shared';
import type { Clients } from '../../scripts/stack/clients.ts';
import type { PreparedCase } from './prepare-case.ts';
import { accountOf, commonTerms, streamOf, type Way } from './proof-case.ts';

type SessionBody = Input<typeof engineApi.session>['body'];

/** Closes of one call: a session goes on where it stands, and no call lasts longer than its time-out. */
const CLOSES_PER_CALL = 1_000;

/** What the engine is asked for, up to a time. */
export function sessionBody({ proof, bars }: PreparedCase, way: Way, toMs: number): SessionBody {
  return {
    ...commonTerms(proof),
    account: accountOf(proof, way),
    mode: 'replay',
    slots: proof.slots.map(({ id, strategy, model_use, instrument }) => ({
      id,
      strategy,
      model_use,
      streams: [streamOf(proof, instrument)],
    })),
    from_ms: bars.fromMs,
    to_ms: toMs,
  };
}

/** A case that was traded on paper, through all services. */
export interface Traded {
  readonly sessionId: string;
  readonly sha256: string;
  readonly seconds: number;
}

/** Trades a case from its first bar to its last. */
export async function tradeWhole({ engine }: Clients, prepared: PreparedCase): Promise<Traded> {
  const { closes } = prepared.bars;
  const startMs = performance.now();
  const ends = closes.filter(
    (_, index) => (index + 1) % CLOSES_PER_CALL === 0 || index === closes.length - 1,
  );
  const tallies: ReplayTally[] = [];
  for (const toMs of ends)
    tallies.push(replayed(await engine.session({ body: sessionBody(prepared, 'whole', toMs) })));
  return tradedOf(tallies.at(-1)!, startMs);
}

export function tradedOf(tally: ReplayTally, startMs: number): Traded {
  if (tally.unknown > 0) throw new Error(`nobody knows what became of ${tally.unknown} orders`);
  return {
    sessionId: tally.session_id,
    sha256: tally.decision_log_sha256,
    seconds: (performance.now() - startMs) / 1_000,
  };
}

/** @throws TypeError where the engine did something else than it was asked for. */
export function replayed(answer: { readonly mode: string } | ReplayTally): ReplayTally {
  if ('decision_log_sha256' in answer) return answer;
  throw new TypeError(`the engine did not replay but ${answer.mode}`);
}
