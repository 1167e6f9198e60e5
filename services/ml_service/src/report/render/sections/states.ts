import { percent, plain, signedPercent } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, soft, table, type Block, type Cell, type Mark } from '../blocks.ts';

const SHADES: readonly Mark[] = ['up0', 'up1', 'up2', 'up3'];
/** Probabilities from which on a cell has the next shade. */
const SHADES_FROM = [0.02, 0.1, 0.5, 0.9];
/** Its values are shares. */
const RETURN = 'return_log';

/** What the states are, how long they last, and what follows on what. */
export function states({ card, regimes }: ModelReport): Block[] {
  if (!regimes) return [];
  const names = regimes.states.map(({ name }, state) => `${state}: ${name}`);
  return [
    table(
      [
        'State',
        '#Share of the time',
        '#Lasts, bars',
        ...card.features.flatMap(({ name }) => [`#${name}`, '#± deviation']),
      ],
      regimes.states.map((state, index): Cell[] => [
        names[index]!,
        percent(state.stationary_share),
        plain(state.dwell_bars, 1),
        ...card.features.flatMap(({ name }, feature) => [
          valueOf(name, state.means[feature]!),
          name === RETURN
            ? percent(state.deviations[feature]!, 3)
            : valueOf(name, state.deviations[feature]!),
        ]),
      ]),
    ),
    soft(
      'States are ordered by the deviation of the return, calmest first. Shares are those of the long run; how long a state lasts is the mean of its stays.',
    ),
    heading('From one bar to the next'),
    table(
      ['From', ...names.map((name) => `#to ${name}`)],
      regimes.states.map((state, index): Cell[] => [names[index]!, ...state.transition.map(probability)]),
    ),
  ];
}

function valueOf(feature: string, value: number): string {
  return feature === RETURN ? signedPercent(value, 3) : plain(value, 3);
}

function probability(share: number): Cell {
  const mark = SHADES[SHADES_FROM.findLastIndex((from) => share >= from)];
  const text = percent(share, 2);
  return mark ? { text, mark } : text;
}
