import type { Bar } from '@aistock/market';
import type { CostModel } from '@aistock/shared';
import { BacktestRun, type Decider } from '../backtest/backtest-run.ts';
import type { BacktestAnswers, BacktestTerms } from '../backtest/index.ts';
import { MergedBars } from '../backtest/merged-bars.ts';
import { BarCursor, BarSeries } from '../bars/index.ts';
import { createCore, DEFAULT_ORDERS, type CoreEvent, type CoreSetup } from '../core/index.ts';
import { FIXED_SIZING } from '../sizing/index.ts';
import { STRATEGIES } from '../strategies/index.ts';
import { SHORT_PARAMS } from '../strategies/params.fixture.ts';
import { randomNumbers } from '../strategies/random.fixture.ts';
import type { DayClose, ShadowDay } from './shadow-day.ts';

const BAR_MS = 900_000;
const BARS_PER_DAY = 96;
const WARM_UP = 40;
export const DAY_MS = BAR_MS * BARS_PER_DAY;
export const STREAMS = ['test:A/USDT:15m', 'test:B/USDT:15m'] as const;

export const COSTS: CostModel = {
  fees: { maker_bps: 2, taker_bps: 5, taken_in: 'quote' },
  spread: { type: 'bps', bps: 2 },
  slippage: { type: 'fixed', bps: 1 },
  latency_ms: 250,
  participation_max: null,
};

/** A walk of prices that swings, the same for the same seed. */
function barsOf(seed: number): Bar[] {
  const random = randomNumbers(seed);
  let close = 100;
  return Array.from({ length: WARM_UP + 3 * BARS_PER_DAY }, (_, index) => {
    const open = close;
    close = open * (1 + 0.012 * (random() - 0.5) + 0.004 * Math.sin(index / 6));
    return {
      openMs: (index - WARM_UP) * BAR_MS + DAY_MS,
      open: open.toFixed(2),
      high: (Math.max(open, close) * (1 + 0.002 * random())).toFixed(2),
      low: (Math.min(open, close) * (1 - 0.002 * random())).toFixed(2),
      close: close.toFixed(2),
      volume: (50 + 100 * random()).toFixed(3),
    };
  });
}

const setup: CoreSetup = {
  account: 'paper',
  currency: 'USDT',
  startCash: '100000',
  streams: STREAMS.map((id, index) => ({
    id,
    instrument: index === 0 ? 'A/USDT' : 'B/USDT',
    timeframe: '15m',
    calendar: 'always',
    rules: [{ fromMs: 0, lotSize: '0.0001', tickSize: '0.01', notionalMin: '0' }],
  })),
  slots: [
    { id: 'trend', strategy: STRATEGIES.get('trend_following')!, streams: [STREAMS[0]], modelUse: 'veto' },
    { id: 'maker', strategy: STRATEGIES.get('market_making')!, streams: [STREAMS[1]], modelUse: 'off' },
  ],
  sizing: FIXED_SIZING,
  selection: null,
  orders: DEFAULT_ORDERS,
  limits: null,
};

/** A regime that changes, and parameters that are chosen anew after each trade. */
const ANSWERS: BacktestAnswers = {
  regimeAt: (_stream, barOpenMs) =>
    (barOpenMs / BAR_MS) % 7 === 0
      ? { regime: null, missing: 'none' }
      : { regime: { modelId: 'm', hmmTrend: Math.sin(barOpenMs / DAY_MS), hmmRisk: 0.1 }, missing: null },
  paramsAt: (slot, atMs) => ({
    params: {
      configId: `00000000-0000-4000-8000-${String(atMs / BAR_MS).padStart(12, '0')}`,
      presetId: 'balanced',
      params:
        slot === 'maker'
          ? SHORT_PARAMS.market_making
          : { ...SHORT_PARAMS.trend_following, fast_bars: 2 + ((atMs / BAR_MS) % 2) },
      source: 'chosen',
      expiresMs: atMs + DAY_MS / 3,
    },
    missing: null,
  }),
};

export interface SessionChange {
  readonly costs?: CostModel;
  /** Told from this close on. */
  readonly halt?: { readonly atMs: number; readonly scope: string };
}

/** A session that traded three days on paper, of which the middle one is to be run again; it began that day with a position. */
export function sessionDay(seed: number, { costs = COSTS, halt }: SessionChange = {}): ShadowDay {
  const all = new Map(STREAMS.map((id, index) => [id as string, barsOf(seed + 1_000 * index)]));
  const series = new Map([...all].map(([id, bars]) => [id, { series: BarSeries.of(bars), warmUp: WARM_UP }]));
  const cursors = new Map(
    [...series].map(([id, { series: bars, warmUp }]) => [id, new BarCursor(bars, warmUp)]),
  );
  const core = createCore(setup, cursors);
  const closes: DayClose[] = [];
  let snapshot: unknown;
  let takenBack: string[] = [];
  let events: CoreEvent[] = [];
  const tell = (event: CoreEvent): void => {
    const told = event.type === 'fill' ? { ...event, fillId: `paper ${event.fillId}` } : event;
    core.handle(told);
    events.push(told);
  };
  const session: Decider = {
    questions: (atMs) => core.questions(atMs),
    get wakeMs() {
      return core.wakeMs;
    },
    decide: () => [],
    reveal: (stream) => {
      core.reveal(stream);
      const cursor = cursors.get(stream)!;
      events.push({ type: 'bar', stream, bar: cursor.series.exact(cursor.count - 1) });
    },
    handle: (event) => {
      if (event.type !== 'close') {
        tell(event);
        return [];
      }
      if (halt && event.atMs === halt.atMs)
        tell({ type: 'trading_state', scope: halt.scope, state: 'halted', reason: 'test' });
      const decisions = core.handle(event);
      closes.push({
        closeMs: event.atMs,
        events: [...events, event],
        lines: decisions.map(({ line }) => line),
      });
      events = [];
      if (event.atMs === 2 * DAY_MS) {
        snapshot = core.snapshot();
        takenBack = decisions.flatMap(({ decision }) => (decision.kind === 'slot' ? decision.cancels : []));
      }
      return decisions;
    },
  };
  const terms: BacktestTerms = { setup, series, costs, answers: ANSWERS, record: () => undefined };
  const merged = new MergedBars(setup.streams, series);
  const run = new BacktestRun(terms, session, merged);
  for (let atMs = run.nextMs(); atMs !== Infinity; atMs = run.nextMs()) run.passTo(atMs);
  const seen = new Map([...all].map(([id, bars]) => [id, bars.filter(({ openMs }) => openMs < 2 * DAY_MS)]));
  return {
    setup,
    costs: COSTS,
    start: { snapshot, closeMs: 2 * DAY_MS, bars: seen, takenBack },
    closes: closes.filter(({ closeMs }) => closeMs > 2 * DAY_MS && closeMs <= 3 * DAY_MS),
    known: { atEnd: all, now: all },
  };
}
