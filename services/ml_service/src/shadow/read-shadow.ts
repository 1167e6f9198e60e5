import type { Handlers } from '@aistock/service-kit';
import type { modelShadowRoutes } from '@aistock/shared';
import { judgePath } from './degradation/live-evidence.ts';
import { watchedEntries } from './degradation/watched-entries.ts';
import { policyOf } from './policy-of.ts';
import type { ShadowContext } from './shadow-turn.ts';
import { trialToWire } from './trials/trial-to-wire.ts';
import { listTrials } from './trials/trial-store.ts';

/** How challengers and champions of a stream do, as of the bars that have closed by now. */
export function shadowHandlers(
  context: Pick<ShadowContext, 'db' | 'clock' | 'scores' | 'strategies' | 'current'>,
): Handlers<typeof modelShadowRoutes> {
  const { db, clock, scores, strategies, current } = context;
  return {
    shadow: async ({ query: { stream } }) => {
      const nowMs = clock.nowMs();
      const entries = watchedEntries(await current()).filter((entry) => entry.stream === stream);
      const watched = [];
      for (const { strategy, kind, alias, model, changed_at: since } of entries) {
        const path = await scores.path(model, nowMs);
        const { degraded, bars, gates, reason } = judgePath(
          path,
          since.getTime(),
          policyOf(strategies, strategy),
        );
        watched.push({
          stream,
          strategy,
          kind,
          alias,
          model_id: model.model_id,
          since_ms: since.getTime(),
          bars,
          degraded,
          gates: [...gates],
          reason,
        });
      }
      return { trials: (await listTrials(db, stream)).map(trialToWire), watched };
    },
  };
}
