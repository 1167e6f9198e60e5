import type { TrialStatus } from '@aistock/database';
import type { ShadowVerdict } from '@aistock/promotion';

/** Where a trial stands. */
export interface TrialFacts {
  readonly modelId: string;
  readonly championId: string;
  readonly status: TrialStatus;
  /** What the aliases of the place name now; null where nobody. */
  readonly championNow: string | null;
  readonly challengerNow: string | null;
  readonly expired: boolean;
  /** Whether a model of the place trades money, so that a person has to sign the next one. */
  readonly live: boolean;
  /** Whether that person has. */
  readonly approved: boolean;
  readonly verdict: Pick<ShadowVerdict, 'outcome' | 'reason'>;
}

/** What becomes of a trial. `prove`: it waits for a person from now on. */
export interface TrialStep {
  readonly type: 'go_on' | 'prove' | 'promote' | 'end_promoted' | 'withdraw';
  readonly reason: string;
}

/** Once proved, a challenger stays so: bounds that hold at any time hold at the first one as well. */
export function decideTrial(facts: TrialFacts): TrialStep {
  const { championNow, modelId, status, verdict, live, approved } = facts;
  if (championNow === modelId) return { type: 'end_promoted', reason: 'somebody else promoted it' };
  const gone = whyGone(facts);
  if (gone) return { type: 'withdraw', reason: gone };
  const proved = status === 'proved' || verdict.outcome === 'better';
  if (!proved)
    return { type: verdict.outcome === 'not_better' ? 'withdraw' : 'go_on', reason: verdict.reason };
  const reason = 'better than the champion on bars that came after both';
  if (!live) return { type: 'promote', reason };
  if (approved) return { type: 'promote', reason: `${reason}, and signed off` };
  return {
    type: status === 'proved' ? 'go_on' : 'prove',
    reason: `${reason}; waits for the sign-off of a person`,
  };
}

function whyGone({
  championNow,
  championId,
  challengerNow,
  modelId,
  expired,
}: TrialFacts): string | undefined {
  if (championNow !== championId) return 'the champion that it ran beside has gone';
  if (challengerNow !== modelId) return 'it is no longer the challenger';
  return expired ? 'it has expired' : undefined;
}
