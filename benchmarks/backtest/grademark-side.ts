import { DataFrame } from 'data-forge';
import { backtest, type IStrategy, type ITrade } from 'grademark';
import type { BarColumns } from '@aistock/trading/bars';
import type { Crossover, CrossoverResult } from './crossover.ts';

interface Row {
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** 1 where the fast mean crossed above the slow one at this close, -1 where it crossed below. */
  readonly cross: number;
}

/** Grademark's form of the bars, with the crossings computed once by rolling sums: the cheapest that it can be given. */
export function grademarkRows(bars: BarColumns, { fast, slow }: Crossover): Row[] {
  const rows: Row[] = [];
  let [fastSum, slowSum, above] = [0, 0, false];
  for (let index = 0; index < bars.length; index++) {
    fastSum += bars.close[index]! - (index >= fast ? bars.close[index - fast]! : 0);
    slowSum += bars.close[index]! - (index >= slow ? bars.close[index - slow]! : 0);
    const isAbove = index >= slow - 1 && fastSum / fast > slowSum / slow;
    const cross = index < slow || isAbove === above ? 0 : isAbove ? 1 : -1;
    above = isAbove;
    rows.push({
      time: new Date(bars.openMs[index]!),
      open: bars.open[index]!,
      high: bars.high[index]!,
      low: bars.low[index]!,
      close: bars.close[index]!,
      volume: bars.volume[index]!,
      cross,
    });
  }
  return rows;
}

/** The crossover as grademark runs it, and the account that its trades would have made. */
export function runGrademark(rows: readonly Row[], { cash, fee }: Crossover): CrossoverResult {
  const strategy: IStrategy<Row> = {
    entryRule: (enter, { bar }) => void (bar.cross === 1 && enter()),
    exitRule: (exit, { bar }) => void (bar.cross === -1 && exit()),
  };
  const trades = backtest(strategy, new DataFrame<number, Row>({ values: rows as Row[] }));
  return resultOf(trades, cash, fee);
}

interface MeanRow extends Row {
  readonly fast: number;
  readonly slow: number;
}

/** The same with the means as grademark's own guide makes them: series of rolling windows, joined to the bars. */
export function runGrademarkMeans(
  rows: readonly Row[],
  { fast, slow, cash, fee }: Crossover,
): CrossoverResult {
  const bars = new DataFrame<number, Row>({ values: rows as Row[] });
  const closes = bars.deflate((bar) => bar.close);
  const mean = (count: number) =>
    closes
      .rollingWindow(count)
      .select((window): [number, number] => [window.getIndex().last(), window.average()])
      .withIndex(([index]) => index)
      .select(([, value]) => value);
  const strategy: IStrategy<Row, MeanRow> = {
    lookbackPeriod: 2,
    prepIndicators: ({ inputSeries }) =>
      inputSeries.withSeries({ fast: mean(fast), slow: mean(slow) }).skip(slow - 1),
    entryRule: (enter, { lookback }) => {
      const [before, now] = [lookback.first(), lookback.last()];
      if (now.fast > now.slow && before.fast <= before.slow) enter();
    },
    exitRule: (exit, { bar }) => void (bar.fast <= bar.slow && exit()),
  };
  return resultOf(
    backtest<Row, MeanRow, Readonly<Record<string, number>>, number>(strategy, bars),
    cash,
    fee,
  );
}

function resultOf(trades: readonly ITrade[], cash: number, fee: number): CrossoverResult {
  const closed = trades.filter(({ exitReason }) => exitReason === 'exit-rule');
  const equity = closed.reduce((money, { growth }) => (money / (1 + fee)) * growth * (1 - fee), cash);
  return { trades: closed.length, equity };
}
