import { plain } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { soft, table, text, type Block } from '../blocks.ts';

/** How far the hold-out lies from what the model was fitted on. */
export function drift({ drifts, leak }: ModelReport): Block[] {
  return [
    table(
      ['Feature', '#Stability index', '#of chance', '#Distance', '#of chance'],
      drifts.flatMap((each) =>
        each
          ? [
              [
                each.feature,
                plain(each.psi, 3),
                plain(each.psi_of_chance, 3),
                plain(each.ks, 3),
                plain(each.ks_of_chance, 3),
              ],
            ]
          : [['a feature that could not be measured', '–', '–', '–', '–']],
      ),
    ),
    soft(
      'Population stability index and Kolmogorov–Smirnov distance of the hold-out from the training; beside them what chance alone makes of bars that depend on each other.',
    ),
    ...(leak
      ? [
          text(
            `Of ${leak.compared.toLocaleString('en-US')} values of features that were computed again without the bars after them, ${leak.differing.toLocaleString('en-US')} changed.`,
          ),
        ]
      : []),
  ];
}
