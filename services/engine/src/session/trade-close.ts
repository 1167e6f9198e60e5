import { CallError, canonicalJson } from '@aistock/shared';
import type { CoreEvent, LoggedDecision, SlotDecision } from '@aistock/trading/core';
import { answerQuestions, askEarly } from './answer-questions.ts';
import { qualityAnswer } from './answers/quality-answer.ts';
import { GATE_SILENT, tradingStates, type TradingStateEvent } from './answers/trading-states.ts';
import { passBars, recordOf, submit, syncClocks, takeBack, tellNews } from './executor-desk.ts';
import { noteView } from './journal.ts';
import type { TrackedOrder } from './order-tracker.ts';
import { sessionState } from './session-state.ts';
import type { ClosingBars, SessionRun, StreamBar } from './session-run.ts';
import { writeDown } from './write-down.ts';

/** Between two looks of a replay at the kill switches, in ms; the gate itself looks at each order. */
const KILLS_ASKED_EVERY_MS = 500;

type GateEvent = TradingStateEvent | Extract<CoreEvent, { type: 'limits' }>;

/** How a close is traded: a replay waits for everybody, a live session goes on without who does not answer. */
export interface CloseTerms {
  readonly live: boolean;
  /** Whether these decisions are written down at once, or together with later ones while nothing leaves. */
  readonly atOnce: boolean;
}

/**
 * Trades the bars of one close: what they did to the orders, what is known about them, what follows from it, and then,
 * written down, what is sent.
 * @throws CallError where a neighbour does not answer that must; ClaimLost; ServiceError for what cannot be traded on.
 */
export async function tradeClose(run: SessionRun, closing: ClosingBars, terms: CloseTerms): Promise<void> {
  const startMs = performance.now();
  const early = askEarly(run, closing.bars, terms);
  await tellBars(run, closing, terms);
  await answerQuestions(run, closing.atMs, { ...terms, early });
  const { state, counts, deps } = run;
  const { entry, decisions } = state.close(closing.atMs);
  count(run, decisions);
  deps.metrics.decided(decisions.length);
  run.unwritten.push(entry);
  const isActing = decisions.some(({ decision }) => acts(decision));
  const hasParams = entry.events.some(({ type }) => type === 'params');
  await writeDown(run, { atOnce: terms.atOnce || isActing || hasParams });
  if (terms.live) deps.metrics.latency(Math.max(0, deps.clock.nowMs() - closing.atMs) / 1_000);
  counts.bars += closing.bars.length;
  if (isActing) {
    await act(run, { atMs: closing.atMs, live: terms.live }, decisions);
    if (terms.live) await noteView(deps.db, run.claim, sessionState(run));
  }
  deps.metrics.closed((performance.now() - startMs) / 1_000);
}

/** Tells what the bars did to the orders, the bars, and what is known about them; asked for at once, told in order. */
async function tellBars(run: SessionRun, closing: ClosingBars, terms: CloseTerms): Promise<void> {
  // Nothing of it depends on the others; but the session never ends in the middle of moving the clock.
  const quality = askQuality(run, closing.bars);
  const restrictions = askRestrictions(run, terms);
  for (const asked of [quality, restrictions]) asked.catch(() => undefined); // told by the awaits below
  const changed = await passBars(run, closing, terms);
  const told = await Promise.all([quality, restrictions]);
  tellNews(run, changed);
  for (const { stream, bar } of closing.bars) run.state.tell({ type: 'bar', stream, bar });
  for (const event of told[0]) {
    const before = run.state.quality.get(event.stream);
    if (before?.verdict === event.verdict && before.reasons.join() === event.reasons.join()) continue;
    run.state.tell(event);
  }
  // A kill switch ends orders as well as forbidding new ones.
  if (tellRestrictions(run, told[1])) tellNews(run, await recordOf(run, run.state.tracker.open));
}

function askQuality({ deps }: SessionRun, bars: readonly StreamBar[]) {
  const streams = [...new Set(bars.map(({ stream }) => stream))];
  return Promise.all(streams.map((stream) => qualityAnswer(deps.neighbours, stream, deps.logger)));
}

/** Kill switches are of the moment: a replay, whose closes take milliseconds, need not ask at each of them. */
async function askRestrictions(run: SessionRun, { live }: CloseTerms): Promise<readonly GateEvent[]> {
  const { deps, state } = run;
  const nowMs = performance.now();
  if (!live && nowMs < run.killsAskedMs + KILLS_ASKED_EVERY_MS) return [];
  try {
    const { gate } = deps.neighbours;
    const [{ kills }, { accounts }] = await Promise.all([gate.kills(), gate.limits()]);
    run.killsAskedMs = nowMs;
    // Without any the gate denies every order; those of before say no less than it does.
    const own = accounts.find(({ limits: { account } }) => account === state.setup.account);
    const limits = own ? [{ type: 'limits', limits: own.limits } as const] : [];
    return [...limits, ...tradingStates(state.setup, kills)];
  } catch (error) {
    if (!(error instanceof CallError) || !live) throw error;
    deps.logger.warn('risk_gate does not say what may be traded', { error });
    return [{ type: 'trading_state', scope: 'firm', ...GATE_SILENT }];
  }
}

/** Tells what has changed, and whether anything has; a slot starts as active. */
function tellRestrictions({ state }: SessionRun, events: readonly GateEvent[]): boolean {
  let changed = false;
  for (const event of events) {
    if (event.type === 'limits') {
      if (canonicalJson(event.limits) !== canonicalJson(state.limits)) state.tell(event);
      continue;
    }
    const before = state.restrictions.get(event.scope);
    if ((before?.state ?? 'active') === event.state && (before?.reason ?? '') === event.reason) continue;
    state.tell(event);
    changed = true;
  }
  return changed;
}

function acts(decision: LoggedDecision['decision']): decision is SlotDecision {
  return decision.kind === 'slot' && (decision.orders.length > 0 || decision.cancels.length > 0);
}

function count({ counts, lastLines }: SessionRun, decisions: readonly LoggedDecision[]): void {
  for (const { decision, line } of decisions) {
    if (decision.kind !== 'slot') continue;
    lastLines.set(decision.slot, line);
    counts.intents += decision.orders.length;
    if (decision.signal) counts.signals++;
    if (decision.signal && decision.signal.wishes.length > 0 && decision.orders.length === 0)
      counts.withheld++;
  }
}

/** Slot by slot takes back what is to be taken back, then sends what was decided: the one may pay for the other. */
async function act(
  run: SessionRun,
  { atMs, live }: { readonly atMs: number; readonly live: boolean },
  decisions: readonly LoggedDecision[],
): Promise<void> {
  const acting = decisions.map(({ decision }) => decision).filter(acts);
  const streams = acting.flatMap(({ orders }) => orders.map(({ stream }) => stream));
  if (streams.length > 0) await syncClocks(run, atMs, streams);
  const { tracker } = run.state;
  for (const { cancels, orders } of acting) {
    for (const decisionId of cancels)
      await withOrder(tracker.find(decisionId), (order) => takeBack(run, order));
    for (const { decisionId } of orders)
      await withOrder(tracker.find(decisionId), (order) => submit(run, order, { live }));
  }
}

async function withOrder(
  order: TrackedOrder | undefined,
  work: (order: TrackedOrder) => Promise<void>,
): Promise<void> {
  if (order) await work(order);
}
