import { setTimeout as delay } from 'node:timers/promises';
import type { BacktestRun, engineApi, Input } from '@aistock/shared';
import type { Clients } from '../../scripts/stack/clients.ts';
import type { PreparedCase } from './prepare-case.ts';
import { commonTerms, limitsOf, START_CASH, streamOf, type ProofSlot } from './proof-case.ts';

const LOOK_EVERY_MS = 100;
const FIRST_MS = 0;

export interface BacktestDone {
  readonly runId: string;
  readonly sha256: string;
  readonly seconds: number;
  readonly orders: NonNullable<BacktestRun['result']>['orders'];
  /** How often orders were denied, by code. */
  readonly denials: Readonly<Record<string, number>>;
  readonly trades: number;
}

/** The same bars, slots, parameters, limits and costs through POST /backtest. @throws Error with its problem where it fails. */
export async function runBacktest({ engine }: Clients, prepared: PreparedCase): Promise<BacktestDone> {
  const startMs = performance.now();
  let run = await engine.backtest({ query: {}, body: bodyOf(prepared) });
  while (run.status === 'queued' || run.status === 'running') {
    await delay(LOOK_EVERY_MS);
    run = await engine.backtestRun({ params: { run_id: run.run_id } });
  }
  const { result, problem } = run;
  if (!result) throw new Error(`the backtest ${run.status}: ${problem?.code}: ${problem?.detail}`);
  return {
    runId: run.run_id,
    sha256: result.decision_log.sha256,
    seconds: (performance.now() - startMs) / 1_000,
    orders: result.orders,
    denials: result.denials,
    trades: result.figures.trades,
  };
}

function bodyOf({ proof, bars, modelIds }: PreparedCase): Input<typeof engineApi.backtest>['body'] {
  const rules = proof.markets.map(({ instrument, limits: { lot_size, tick_size, notional_min } }) => {
    const known = { from_ms: FIRST_MS, lot_size, tick_size, notional_min };
    return [instrument, [known]] as [string, (typeof known)[]];
  });
  return {
    ...commonTerms(proof),
    slots: proof.slots.map((slot) => slotOf(slot, streamOf(proof, slot.instrument), modelIds)),
    from_ms: bars.fromMs,
    to_ms: bars.toMs,
    start_cash: START_CASH,
    costs: proof.costs,
    rules: Object.fromEntries(rules),
    limits: limitsOf(proof, 'backtest'),
  };
}

function slotOf(
  { id, strategy, model_use, presetId, params }: ProofSlot,
  stream: string,
  modelIds: PreparedCase['modelIds'],
) {
  const modelId = modelIds.get(stream);
  return {
    id,
    strategy,
    model_use,
    streams: [stream],
    preset_id: presetId,
    ...(params && { params: { ...params } }),
    ...(modelId !== undefined && { model_id: modelId }),
  };
}
