import { percent, plain, words } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, table, text, type Block } from '../blocks.ts';

/** How honest probabilities are on the hold-out. */
export function calibrations({ calibrations: all }: ModelReport): Block[] {
  return all.flatMap((each) => {
    if (!each) return [text('The probabilities of one event could not be measured.')];
    const { event, rows, brier, brier_of_base_rate: ofBaseRate, reliability, bins } = each;
    return [
      heading(`The next bar: ${words(event)}`),
      text(
        `Brier score ${plain(brier, 4)} on ${rows.toLocaleString('en-US')} bars; whoever always tells the share of the training has ${plain(ofBaseRate, 4)}. Mean squared gap between told and followed, less what chance adds: ${plain(reliability, 5)}.`,
      ),
      table(
        ['#Told', '#Followed', '#Gap', '#Bars'],
        bins.map(({ told, followed, rows: count }) => [
          percent(told),
          percent(followed),
          plain(100 * (followed - told), 1),
          count,
        ]),
      ),
    ];
  });
}
