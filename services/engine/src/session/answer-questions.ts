import { closeMs } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import type { SlotSetup } from '@aistock/trading/core';
import type { MarketStream } from '../market-stream.ts';
import { paramsAnswer, type ParamsEvent } from './answers/params-answer.ts';
import { noRegime, regimeAnswer, type RegimeAnswer } from './answers/regime-answer.ts';
import { learnOutcomes } from './learn-outcomes.ts';
import type { SessionRun, StreamBar } from './session-run.ts';
import { isPaper } from './session-terms.ts';

/** Regimes that are asked for while other things are found out, by primary stream and strategy. */
export type EarlyRegimes = ReadonlyMap<string, Promise<RegimeAnswer>>;

/** Asks for the regimes that a close will want whatever the orders did; nobody need wait for them. */
export function askEarly(
  run: SessionRun,
  bars: readonly StreamBar[],
  { live }: { readonly live: boolean },
): EarlyRegimes {
  const newest = new Map(bars.map(({ stream, bar }) => [stream, bar]));
  const early = new Map<string, Promise<RegimeAnswer>>();
  for (const slot of run.state.setup.slots) {
    const bar = newest.get(slot.streams[0]!);
    if (slot.modelUse === 'off' || !bar || early.has(askerOf(slot))) continue;
    const asked = askRegime(run, slot, { openMs: bar.openMs, live });
    asked.catch(() => undefined); // told where it is wanted
    early.set(askerOf(slot), asked);
  }
  return early;
}

/** Slots of one strategy on one stream go by the same model. */
function askerOf({ streams, strategy }: SlotSetup): string {
  return `${streams[0]} ${strategy.name}`;
}

/** Tells the core what it wants to know before it decides: regimes, then, where a slot needs them, parameters. */
export async function answerQuestions(
  run: SessionRun,
  atMs: number,
  { live, early }: { readonly live: boolean; readonly early: EarlyRegimes },
): Promise<void> {
  const ask = (slot: SlotSetup): Promise<RegimeAnswer> =>
    early.get(askerOf(slot)) ??
    askRegime(run, slot, { openMs: run.state.newestOpenMs(slot.streams[0]!), live });
  const { state } = run;
  const wanted = state.core.questions(atMs).filter(({ regime }) => regime);
  const askers = new Map(wanted.map(({ slot }) => slotOf(run, slot)).map((slot) => [askerOf(slot), slot]));
  const names = [...askers.keys()].toSorted();
  const answers = await Promise.all(names.map((name) => ask(askers.get(name)!)));
  for (const { event } of answers) state.tell(event);
  const regimes = new Map(names.map((name, index) => [name, answers[index]!]));
  // Who has not answered for one slot is not waited for again: what is held in the others is to be left in time.
  let isSilent = false;
  for (const { slot, params } of state.core.questions(atMs)) {
    if (!params) continue;
    const setup = slotOf(run, slot);
    const regime = regimes.get(askerOf(setup)) ?? (await ask(setup));
    try {
      state.tell(isSilent ? noParams(slot, 'unreachable') : await askParams(run, setup, { atMs, regime }));
    } catch (error) {
      const missing = live ? whyMissing(error) : undefined;
      if (missing === undefined) throw error;
      run.deps.logger.error('there are no parameters for a slot', { slot, missing, error });
      isSilent ||= error instanceof CallError && error.status === undefined;
      state.tell(noParams(slot, missing));
    }
  }
}

async function askRegime(
  run: SessionRun,
  slot: SlotSetup,
  { openMs, live }: { readonly openMs: number | undefined; readonly live: boolean },
): Promise<RegimeAnswer> {
  const { deps, terms } = run;
  const stream = streamOf(run, slot.streams[0]!);
  const strategy = slot.strategy.name;
  if (openMs === undefined) return noRegime(stream.id, strategy, 'unreachable');
  try {
    const bar = { openMs, closeMs: closeMs(openMs, stream.timeframe, stream.calendar) };
    const asker = { stream, strategy, tradesMoney: !isPaper(terms) };
    return await regimeAnswer(deps.neighbours, asker, bar);
  } catch (error) {
    if (!(error instanceof CallError) || !live) throw error;
    deps.logger.warn('ml_service does not tell a regime', { stream: stream.id, strategy, error });
    return noRegime(stream.id, strategy, 'unreachable');
  }
}

/** What came of the parameters of before is learned first: the choice of the next ones may rest on it. */
async function askParams(
  run: SessionRun,
  slot: SlotSetup,
  { atMs, regime }: { readonly atMs: number; readonly regime: RegimeAnswer },
): Promise<ParamsEvent> {
  const { deps, state } = run;
  const stream = streamOf(run, slot.streams[0]!);
  await learnOutcomes(run, slot.id);
  const context = { closeMs: atMs, stream, bars: state.bars(stream.id), regime };
  const { event, decision } = await paramsAnswer(deps.neighbours, slot, context);
  run.lastParams = decision ?? run.lastParams;
  return event;
}

function noParams(slot: string, missing: string): ParamsEvent {
  return { type: 'params', slot, params: null, missing };
}

/** Answers that a slot cannot trade with; the others can with theirs. */
const UNSOUND: ReadonlySet<string> = new Set(['params_invalid', 'decision_mismatched']);

/** Why a slot of a live session has no parameters; undefined for what is no matter of param_controller's answer. */
function whyMissing(error: unknown): string | undefined {
  if (error instanceof CallError) return 'unreachable';
  return error instanceof ServiceError && UNSOUND.has(error.code) ? error.code : undefined;
}

function slotOf({ state }: SessionRun, id: string): SlotSetup {
  const slot = state.setup.slots.find((each) => each.id === id);
  if (slot) return slot;
  throw new RangeError(`there is no slot ${id} in this session`);
}

function streamOf({ terms }: SessionRun, id: string): MarketStream {
  const stream = terms.streams.find((each) => each.id === id);
  if (stream) return stream;
  throw new RangeError(`there is no stream ${id} in this session`);
}
