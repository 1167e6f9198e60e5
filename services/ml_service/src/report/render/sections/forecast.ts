import { axisNumber, day, frameOf, line, picture, rangeOf, shade, words } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, soft, table, text, type Block } from '../blocks.ts';
import { short } from './gates.ts';
import { seriesOf } from './prices.ts';

const HEIGHT = 220;

/** What a model that forecasts told at each bar, and what that is made of. */
export function forecast(report: ModelReport): Block[] {
  const { forecast: own, card } = report;
  if (!own) return [];
  const { target } = card;
  return [
    text(
      target
        ? `It learned ${words(target.name)}, ${target.horizon_bars === 1 ? 'one bar' : `${target.horizon_bars} bars`} ahead.`
        : 'It learned from its feature alone.',
    ),
    ...own.told.flatMap((each) => path(report, each)),
    ...(own.weights.length > 0 ? weights(own.weights) : []),
  ];
}

type Forecast = NonNullable<ModelReport['forecast']>;

function path({ card, holdout }: ModelReport, { name, series }: Forecast['told'][number]): Block[] {
  const drawn = seriesOf(series);
  if (drawn.values.length < 2) return [text(`It told no ${words(name)}.`)];
  const [fromX, toX] = [drawn.atMs[0]!, drawn.atMs.at(-1)!];
  const frame = frameOf({
    height: HEIGHT,
    fromX,
    toX,
    xAxis: 'time',
    yLabel: axisNumber,
    ...rangeOf(drawn.values),
  });
  const told = `${words(name)} of ${card.stream} from ${day(fromX)} to ${day(toX)}.`;
  return [
    heading(words(name)),
    {
      type: 'picture',
      frame,
      svg: picture(frame, words(name), told, [
        shade(frame, holdout.from_ms, holdout.to_ms),
        line(frame, drawn, 'own'),
      ]),
    },
  ];
}

function weights(all: Forecast['weights']): Block[] {
  const isGain = all[0]?.measure === 'gain_nats';
  return [
    heading(isGain ? 'What each feature was worth' : 'Coefficients'),
    table(
      ['Feature', isGain ? '#Gain, nats' : '#Coefficient'],
      all.map(({ name, value }) => [words(name), short(value)]),
    ),
    soft(
      isGain
        ? 'By how much splits on it raised the log-likelihood of the training.'
        : 'In the units of the features as they are.',
    ),
  ];
}
