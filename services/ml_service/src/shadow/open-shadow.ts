import { setTimeout as delay } from 'node:timers/promises';
import type { Handlers, Metrics, StopHook } from '@aistock/service-kit';
import type { Client, dataIngesterApi, modelShadowRoutes } from '@aistock/shared';
import { createLiveScores } from './scores/live-scores.ts';
import { shadowHandlers } from './read-shadow.ts';
import { ShadowTurns, type ShadowContext } from './shadow-turn.ts';

export interface Shadow {
  readonly handlers: Handlers<typeof modelShadowRoutes>;
  start(): void;
  readonly stopHook: StopHook;
}

export interface ShadowOptions extends Omit<ShadowContext, 'scores' | 'scored' | 'decided'> {
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly everyMs: number;
}

/** Challengers beside champions, and champions held to what they promised, on the bars that come. */
export function openShadow({ ingester, everyMs, ...options }: ShadowOptions, metrics: Metrics): Shadow {
  const written = metrics.counter({
    name: 'ml_live_scores_total',
    help: 'Bars that a model was held to and that this process put on record.',
  });
  const decisions = metrics.counter({
    name: 'ml_shadow_decisions_total',
    help: 'What became of challengers and of models that no longer fit, decided by this process.',
    labels: ['decision'],
  });
  const context: ShadowContext = {
    ...options,
    scores: createLiveScores(options.db, ingester),
    scored: (bars) => written.inc(bars),
    decided: (decision) => decisions.inc({ decision }),
  };
  const turns = new ShadowTurns(context);
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  const keepOn = async (): Promise<void> => {
    for (;;) {
      await delay(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await turns.run().catch((error: unknown) => {
        if (!stopping.signal.aborted)
          context.logger.warn('models could not be held to the bars that came', { error });
      });
    }
  };
  return {
    handlers: shadowHandlers(context),
    start: () => {
      running = keepOn();
    },
    stopHook: {
      name: 'shadow',
      run: async () => {
        stopping.abort();
        await running;
      },
    },
  };
}
