import { orderPolicy, type CoreSetup, type InstrumentRules, type SlotSetup } from '@aistock/trading/core';
import { selectionPolicy } from '@aistock/trading/selection';
import { sizingPolicy } from '@aistock/trading/sizing';
import { STRATEGIES } from '@aistock/trading/strategies';
import type { JobSlot, RunJob } from './run-job.ts';

/** No account stands behind a backtest; it is no part of the decision log. */
const BACKTEST_ACCOUNT = 'backtest';
/** Where nobody told what a venue takes: finer than any venue, and the result warns. */
const ASSUMED_RULES: InstrumentRules = {
  fromMs: 0,
  lotSize: '0.00000001',
  tickSize: '0.00000001',
  notionalMin: '0',
};

/** What the core trades: the job's streams, and slots with the parameters of a point. */
export function setupOf(job: RunJob, slots: readonly JobSlot[]): CoreSetup {
  const { request, streams, currency } = job;
  return {
    account: BACKTEST_ACCOUNT,
    currency,
    startCash: request.start_cash,
    limits: request.limits,
    streams: streams.map(({ id, instrument, timeframe, calendar }) => ({
      id,
      instrument,
      timeframe,
      calendar,
      rules: rulesOf(job, instrument),
    })),
    slots: slots.map(slotSetup),
    sizing: sizingPolicy(request.sizing),
    selection: request.selection && selectionPolicy(request.selection),
    orders: orderPolicy(request.orders),
  };
}

function slotSetup({ id, strategy: name, streams, model_use: modelUse }: JobSlot): SlotSetup {
  const strategy = STRATEGIES.get(name);
  if (!strategy) throw new TypeError(`there is no strategy ${name}`);
  return { id, strategy, streams, modelUse };
}

function rulesOf({ request }: RunJob, instrument: string): InstrumentRules[] {
  return (
    request.rules[instrument]?.map((rules) => ({
      fromMs: rules.from_ms,
      lotSize: rules.lot_size,
      tickSize: rules.tick_size,
      notionalMin: rules.notional_min,
    })) ?? [ASSUMED_RULES]
  );
}
