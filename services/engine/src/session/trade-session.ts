import { contextFeatures, type Bar } from '@aistock/market';
import { ServiceError, type RequestContext } from '@aistock/service-kit';
import type { engineApi, Order, OrderIntent, Output } from '@aistock/shared';
import { step } from '@aistock/trading/session';
import { barCloseMs, barsBetween } from '../market-stream.ts';
import type { Neighbours } from '../neighbours.ts';
import type { SignalRing } from '../signal-ring.ts';
import { chooseParams, currentTrip, settleOutcome } from './choose-params.ts';
import { ordersOf } from './past-orders.ts';
import { type DatedRegime, regimeAt } from './regime-at.ts';
import { resumeSession, type SessionRequest } from './resume-session.ts';
import type { SessionRun } from './session-run.ts';
import { streamQualityAt, type KnownQuality } from './stream-quality-at.ts';

export interface SessionDeps {
  readonly neighbours: Neighbours;
  readonly signals: SignalRing;
}

/**
 * Trades the closed bars after the account's clock, one after the other. The executor's record is the only memory: a
 * session that was killed goes on where it stood, and one that is run again finds nothing to do. An order of which
 * nobody knows what became of it ends the session.
 */
export async function tradeSession(
  deps: SessionDeps,
  request: SessionRequest,
  context: Pick<RequestContext, 'signal' | 'logger'>,
): Promise<Output<typeof engineApi.session>> {
  const { run, undecided, fromMs } = await resumeSession(deps.neighbours, request);
  const equityStart = knownEquity(run);
  let left = undecided;
  const bars = barsBetween(deps.neighbours, run.stream, { fromMs, asOfMs: request.to_ms });
  for await (const bar of bars) {
    context.signal.throwIfAborted();
    if (left && !isStuck(run)) await decide(deps, run, left, await ask(deps, run, left, context));
    left = undefined;
    if (isStuck(run)) break;
    // Asked for at once, for neither answer depends on the other; but the session never ends in the middle of an advance.
    const asked = ask(deps, run, bar, context);
    asked.catch(() => undefined); // told by the await below
    await advance(deps, run, barCloseMs(run.stream, bar));
    const answers = await asked;
    if (isStuck(run)) break;
    await decide(deps, run, bar, answers);
    run.tally.bars++;
  }
  if (isStuck(run))
    context.logger.error('the session stopped: an order is UNKNOWN', { account: request.account });
  return {
    ...run.tally,
    equity: { start: equityStart, end: knownEquity(run) },
    last_decision: run.lastChosen
      ? {
          config_id: run.lastChosen.configId,
          preset_id: run.lastChosen.presetId,
          propensity: run.lastChosen.propensity,
        }
      : null,
    quality: { verdict: run.quality.verdict, reasons: [...run.quality.reasons] },
    decision_log_sha256: run.log.sha256(),
  };
}

function isStuck({ tally }: SessionRun): boolean {
  return tally.unknown > 0;
}

/** Moves the account to a bar's close: what was sent before fills at the bar's open, and a closed position is learned from. */
async function advance({ neighbours }: SessionDeps, run: SessionRun, toMs: number): Promise<void> {
  const { account, changed } = await neighbours.executor.advancePaper({
    body: { account: run.setup.account, stream: run.stream.id, to_ms: toMs },
  });
  run.account = account;
  const own = ordersOf(changed, { strategy: run.setup.strategy.name, instrument: run.setup.instrument });
  for (const order of own) {
    takeOrder(run, order);
    if (order.status === 'FILLED') run.tally.filled++;
  }
  await settleOutcome(neighbours, run);
}

interface Answers {
  readonly regime: DatedRegime | undefined;
  readonly quality: KnownQuality;
}

/** What others know of a bar: its regime, and whether its stream may be traded on. */
async function ask(
  { neighbours }: SessionDeps,
  { stream }: SessionRun,
  bar: Bar,
  { logger }: Pick<RequestContext, 'logger'>,
): Promise<Answers> {
  const [regime, quality] = await Promise.all([
    regimeAt(neighbours, stream, bar),
    streamQualityAt(neighbours, stream, logger),
  ]);
  return { regime, quality };
}

async function decide(
  deps: SessionDeps,
  run: SessionRun,
  bar: Bar,
  { regime, quality }: Answers,
): Promise<void> {
  const { stream, window } = run;
  run.quality = quality;
  window.push(bar);
  const closeMs = barCloseMs(stream, bar);
  const features = contextFeatures(window.bars, stream.timeframe, stream.calendar);
  await chooseParams(deps.neighbours, run, { closeMs, features, regime });
  const { position, working } = currentTrip(run);
  const output = step(run.setup, run.state, {
    bar,
    closeMs,
    bars: window.bars,
    features,
    regime,
    quality: quality.verdict,
    config: run.chosen,
    position,
    working,
    equity: run.account.equity,
  });
  run.state = output.state;
  run.log.write(output.line);
  if (output.signal) {
    run.tally.signals++;
    const { strategy, instrument } = run.setup;
    const { action, reason } = output.signal;
    const where = { instrument, stream: stream.id, bar_open_ms: bar.openMs };
    const withheld = output.withheld ?? null;
    deps.signals.add({ strategy: strategy.name, ...where, action, reason, withheld });
  }
  if (output.withheld) run.tally.withheld++;
  for (const intent of output.intents) await submit(deps, run, intent);
}

async function submit({ neighbours }: SessionDeps, run: SessionRun, intent: OrderIntent): Promise<void> {
  const order = await neighbours.executor.submit({ body: intent });
  run.tally.intents++;
  if (order.status === 'DENIED') run.tally.denied++;
  takeOrder(run, order);
}

function takeOrder(run: SessionRun, order: Order): void {
  if (order.config_id !== run.chosen?.configId) {
    throw new ServiceError(
      'order_unexpected',
      409,
      `order ${order.order_id} changed, but is not of the parameters in force; is another session trading?`,
    );
  }
  run.orders.set(order.order_id, order);
  if (order.status === 'UNKNOWN') run.tally.unknown++;
}

function knownEquity({ account }: SessionRun): string {
  if (account.equity !== null) return account.equity;
  throw new ServiceError('equity_unknown', 409, `a position of account ${account.account} has no mark yet`);
}
