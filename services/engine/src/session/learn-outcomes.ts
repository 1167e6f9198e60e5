import type { SessionRun } from './session-run.ts';

/** Has learned what came of a slot's last choice, once however often it is told. @throws CallError. */
export async function learnOutcomes({ deps, state, counts }: SessionRun, slot: string): Promise<void> {
  const { controller } = deps.neighbours;
  for (const { configId, reward, closedMs } of state.outcomes.due.filter((due) => due.slot === slot)) {
    const { decision, outcome } = await controller.decision({ params: { config_id: configId } });
    // A choice is learned from once: by what was closed of it first, whatever a later rest of it comes to.
    if (outcome !== null) continue;
    const { learned } = await controller.learnOutcome({
      params: { strategy: decision.strategy, instrument: decision.instrument, preset_id: decision.preset_id },
      body: { config_id: configId, reward, closed_ms: closedMs },
    });
    deps.fault('after_outcome');
    if (learned) counts.outcomes++;
  }
}
