import { percent, plain, words } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { soft, table, text, type Block } from '../blocks.ts';

const AGAINST: Readonly<Record<ModelReport['differences'][number]['against'], string>> = {
  one_state: 'a single Gaussian',
  no_memory: 'itself without memory',
  baseline: 'what knows nothing',
  champion: 'the champion',
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
    ...(championId === null ? [text('There was no champion to compare with.')] : labels(champion)),
  ];
}

function labels(champion: ModelReport['champion']): Block[] {
  if (!champion) return [text('The champion reads other features and could not be compared.')];
  const expired = champion.expired ? ['The champion had expired.'] : [];
  const told = champion.labels;
  const changes = told
    ? [
        `Against the champion's, ${percent(told.changed)} of ${words('the labels')} of ${told.rows.toLocaleString('en-US')} bars are others; labels change at ${percent(told.flips)} of the bars, the champion's at ${percent(told.champion_flips)}.`,
      ]
    : [];
  return [...expired, ...changes].map((sentence) => text(sentence));
}
