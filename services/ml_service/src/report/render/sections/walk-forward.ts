import {
  axisNumber,
  day,
  frameOf,
  line,
  percent,
  picture,
  plain,
  rangeOf,
  signedPercent,
  words,
} from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, soft, table, text, type Block } from '../blocks.ts';
import { seriesOf } from './prices.ts';

const HEIGHT = 240;

type Performance = NonNullable<ModelReport['judgements'][number]['performance']>;

/** What each strategy earned with models fitted before what they traded, after costs. */
export function walkForward({ judgements }: ModelReport): Block[] {
  return judgements.flatMap(({ strategy, performance, problem }) => {
    if (strategy === '*') return [];
    if (!performance)
      return [heading(words(strategy)), text(`It could not be run: ${problem ?? 'nobody says why'}.`)];
    return [heading(words(strategy)), ...walk(strategy, performance)];
  });
}

function walk(strategy: string, performance: Performance): Block[] {
  const { folds, preset, trials, equity } = performance;
  const series = seriesOf(equity);
  const curve = series.values.length > 1 ? [equityPicture(strategy, series)] : [];
  return [
    text(
      `${folds} folds, each traded with a model that was fitted on the bars before it, by the preset ${words(preset)}, the best of those that were tried; ${trials} trials in all are counted against it.`,
    ),
    ...curve,
    table(['Figure', '#Value'], figures(performance)),
    heading(`${words(strategy)} under stress`),
    table(
      ['Scenario', '#Return'],
      performance.scenarios.map(({ name, total_return: total }) => [words(name), signedPercent(total)]),
    ),
    soft('Equity goes on from one test window to the next.'),
  ];
}

function equityPicture(strategy: string, series: ReturnType<typeof seriesOf>): Block {
  const [fromX, toX] = [series.atMs[0]!, series.atMs.at(-1)!];
  const frame = frameOf({
    height: HEIGHT,
    fromX,
    toX,
    xAxis: 'time',
    yLabel: axisNumber,
    ...rangeOf(series.values),
  });
  const told = `From ${axisNumber(series.values[0]!)} on ${day(fromX)} to ${axisNumber(series.values.at(-1)!)} on ${day(toX)}.`;
  return {
    type: 'picture',
    frame,
    svg: picture(frame, `Equity of ${words(strategy)}`, told, [line(frame, series, 'own')]),
  };
}

function figures(performance: Performance) {
  return [
    ['Sharpe ratio, a year', plain(performance.sharpe)],
    ['Deepest drawdown', percent(performance.drawdown)],
    ['Trades', String(performance.trades)],
    ['Trades won', percent(performance.win_rate)],
    ['Chance that it is more than luck (deflated Sharpe)', percent(performance.deflated_sharpe)],
    ['Probability of overfitting', percent(performance.overfitting)],
    ['Mean slippage, bps', plain(performance.slippage_bps, 1)],
  ];
}
