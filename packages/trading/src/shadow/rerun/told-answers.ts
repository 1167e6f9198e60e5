import { closeMs } from '@aistock/market';
import type { BacktestAnswers } from '../../backtest/index.ts';
import type { CoreEvent, SlotParams, StreamQuality } from '../../core/index.ts';
import { readSnapshot } from '../../core/snapshot/snapshot.ts';
import type { ShadowDay } from '../shadow-day.ts';

type Told<T extends CoreEvent['type']> = Extract<CoreEvent, { type: T }>;
type Params = ReturnType<BacktestAnswers['paramsAt']>;

/** What was said from a time on. */
interface Since<T> {
  readonly fromMs: number;
  readonly value: T;
}

/** Where the session was not told: a later word would be look-ahead. */
const NOT_ASKED = 'not_asked';

/**
 * What others answered on the day, as the session was told it: a regime holds for its bar, a verdict on a stream and
 * parameters until the next ones, halts from when they were heard of. That a stream was late is no answer: a backtest
 * waits for nobody. For one run.
 */
export function toldAnswers({ setup, start, closes }: Omit<ShadowDay, 'costs' | 'known'>): BacktestAnswers {
  const { streams, slots } = readSnapshot(setup, start.snapshot);
  const quality = new Map(
    streams.map((stream): [string, Since<StreamQuality>[]] => [
      stream.id,
      [{ fromMs: -Infinity, value: stream.quality }],
    ]),
  );
  const regimes = new Map<string, Told<'regime'>>();
  const params = new Map(
    slots.map(({ id, params: first, paramsMissing: missing }): [string, Since<Params>[]] => [
      id,
      first || missing !== 'none' ? [{ fromMs: -Infinity, value: { params: first, missing } }] : [],
    ]),
  );
  const newest = new Map(streams.map(({ id, newestOpenMs }) => [id, newestOpenMs]));
  const others: Since<Told<'trading_state' | 'stale' | 'limits'>>[] = streams
    .filter(({ stale }) => stale)
    .map(({ id }) => ({ fromMs: -Infinity, value: { type: 'stale', stream: id, stale: false } }));
  for (const { closeMs: fromMs, events } of closes)
    for (const event of events)
      if (event.type === 'bar') newest.set(event.stream, event.bar.openMs);
      else if (event.type === 'quality') quality.get(event.stream)?.push({ fromMs, value: event.verdict });
      else if (event.type === 'regime')
        regimes.set(`${event.stream} ${newest.get(event.stream)} ${event.strategy ?? ''}`, event);
      else if (event.type === 'trading_state' || event.type === 'limits')
        others.push({ fromMs, value: event });
      else if (event.type === 'params') params.get(event.slot)?.push({ fromMs, value: answerOf(event) });
  const closeOf = new Map(setup.streams.map(({ id, ...hours }) => [id, hours]));
  let told = 0;
  return {
    regimeAt: (stream, barOpenMs, strategy = '') => {
      const said = (to: string) => regimes.get(`${stream} ${barOpenMs} ${to}`);
      return said(strategy) ?? said('') ?? { regime: null, missing: NOT_ASKED, strategy };
    },
    paramsAt: (slot, atMs) => newestBy(params.get(slot) ?? [], atMs) ?? { params: null, missing: NOT_ASKED },
    qualityAt: (stream, barOpenMs) => {
      const { timeframe, calendar } = closeOf.get(stream)!;
      return newestBy(quality.get(stream)!, closeMs(barOpenMs, timeframe, calendar))!;
    },
    othersAt: (atMs) => {
      const from = told;
      while (told < others.length && others[told]!.fromMs <= atMs) told++;
      return others.slice(from, told).map(({ value }) => value);
    },
  };
}

function answerOf({ params, missing }: { params: SlotParams | null; missing: string | null }): Params {
  return { params, missing };
}

/** What was said last by a time; undefined where nothing was. */
function newestBy<T>(said: readonly Since<T>[], atMs: number): T | undefined {
  return said.findLast(({ fromMs }) => fromMs <= atMs)?.value;
}
