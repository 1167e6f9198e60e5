import {
  axisNumber,
  day,
  frameOf,
  line,
  picture,
  rangeOf,
  ribbon,
  shade,
  stretchesNamed,
  stretchShares,
  percent,
  type Series,
} from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { soft, type Block, type KeyEntry } from '../blocks.ts';

const HEIGHT = 320;
const RIBBON_ROOM = 0.06;

/** Closes over training and hold-out, and below them what the model took the market for. */
export function prices({ card, closes, regimes, holdout }: ModelReport): Block[] {
  const series = seriesOf(closes);
  const { fromY, toY } = rangeOf(series.values);
  const [fromX, toX] = [series.atMs[0]!, series.atMs.at(-1)!];
  const frame = frameOf({
    height: HEIGHT,
    fromX,
    toX,
    toY,
    xAxis: 'time',
    yLabel: axisNumber,
    fromY: regimes ? fromY - RIBBON_ROOM * (toY - fromY) : fromY,
  });
  const stretches = stretchesNamed(
    (regimes?.ribbon ?? []).map(({ from_ms: fromMs, name }) => ({ fromMs, name })),
    toX,
  );
  const told = `Closes of ${card.stream} from ${day(fromX)} to ${day(toX)}; the hold-out begins on ${day(holdout.from_ms)}.`;
  const key: KeyEntry[] = [
    { shape: 'line', name: 'price', text: 'close' },
    { shape: 'area', name: 'shade', text: `hold-out, from ${day(holdout.from_ms)} on` },
    ...stretchShares(stretches).map(({ name, share }) => ({
      shape: 'area' as const,
      name: `regime ${name}`,
      text: `${name}, ${percent(share)} of the time`,
    })),
  ];
  return [
    {
      type: 'picture',
      frame,
      svg: picture(frame, `Price of ${card.stream}`, told, [
        shade(frame, holdout.from_ms, holdout.to_ms),
        line(frame, series, 'price'),
        ribbon(frame, stretches),
      ]),
    },
    { type: 'key', entries: key },
    ...(regimes
      ? [
          soft(
            'Each bar is named by what was known at its close: turbulent where the most volatile state is the likelier half, else by the trend of the states.',
          ),
        ]
      : []),
  ];
}

export function seriesOf({ at_ms: atMs, value }: ModelReport['closes']): Series {
  return { atMs: Float64Array.from(atMs), values: Float64Array.from(value) };
}
