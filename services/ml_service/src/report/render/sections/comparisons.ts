import { percent, plain } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { soft, table, text, type Block } from '../blocks.ts';

const AGAINST: Readonly<Record<ModelReport['differences'][number]['against'], string>> = {
  one_state: 'a single Gaussian',
  no_memory: 'itself without memory',
  baseline: 'what knows nothing',
  champion: 'the champion',
};

const NOT_COMPARED = {
  none: 'There was no champion to compare with.',
  other: 'The champion reads other features and could not be compared.',
};

/** How much better it predicts than others do, on exactly the same bars. */
export function comparisons({ differences, champion, champion_id: championId }: ModelReport): Block[] {
  return [
    table(
      ['Against', '#Bars ahead', 'On', '#Mean difference', '#Standard error', '#In errors', '#Bars'],
      differences.map(({ against, horizon_bars: horizon, on, mean, standard_error: error, rows }) => [
        AGAINST[against],
        horizon,
        on === 'holdout' ? 'the hold-out' : 'what it was fitted on',
        plain(mean, 4),
        plain(error, 4),
        mean === null || !error ? '–' : plain(mean / error, 1),
        rows.toLocaleString('en-US'),
      ]),
    ),
    soft('Predictive log-likelihood, nats a bar; above zero this model is better.'),
    ...(champion ? labels(champion) : [text(NOT_COMPARED[championId === null ? 'none' : 'other'])]),
  ];
}

function labels(champion: NonNullable<ModelReport['champion']>): Block[] {
  const expired = champion.expired ? ['The champion was not in force any more.'] : [];
  const told = champion.labels;
  const changes = told
    ? [
        `Against the champion's, ${percent(told.changed)} of the labels of ${told.rows.toLocaleString('en-US')} bars are others; labels change at ${percent(told.flips)} of the bars, the champion's at ${percent(told.champion_flips)}.`,
      ]
    : [];
  return [...expired, ...changes].map((sentence) => text(sentence));
}
