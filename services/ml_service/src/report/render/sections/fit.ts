import { frameOf, line, picture, plain, rangeOf, type Series } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, table, text, type Block } from '../blocks.ts';
import { short } from './gates.ts';

const HEIGHT = 200;

/** How the parameters came about. */
export function fit({ card, regimes }: ModelReport): Block[] {
  const { converged, metrics, warnings } = card;
  return [
    text(converged ? 'The fit converged.' : 'The fit did not converge.'),
    ...(warnings.length > 0 ? [text(`Warnings: ${warnings.join('; ')}.`)] : []),
    ...(regimes ? regimeFit(regimes) : []),
    heading('On the bars that it was fitted on'),
    table(
      ['Measure', '#Value'],
      Object.entries(metrics).map(([name, value]) => [name.replaceAll('_', ' '), short(value)]),
    ),
  ];
}

function regimeFit({ candidates, fit_path: path, next_return: next }: NonNullable<ModelReport['regimes']>) {
  const least = Math.min(...candidates.map(({ bic }) => bic ?? Infinity));
  const blocks: Block[] = path.length > 1 ? pathBlocks(path) : [];
  return [
    ...blocks,
    heading('By number of states'),
    table(
      ['States', '#BIC', '#Above the best', '#Log-likelihood', 'Converged'],
      candidates.map(({ states, bic, log_likelihood: total, converged }) => [
        String(states),
        plain(bic, 1),
        bic === null ? '–' : plain(bic - least, 1),
        plain(total, 1),
        converged ? 'yes' : { text: 'no', mark: 'failed' as const },
      ]),
    ),
    text(
      `How much of the next return the regime explains: ${shareOf(next.r2_train)} of its variance where it was fitted, ${shareOf(next.r2_holdout)} on the hold-out (below zero: worse than the mean).`,
    ),
  ];
}

function pathBlocks(path: readonly number[]): Block[] {
  const series: Series = {
    atMs: Float64Array.from(path.keys()),
    values: Float64Array.from(path),
  };
  const frame = frameOf({
    height: HEIGHT,
    fromX: 0,
    toX: path.length - 1,
    xAxis: 'count',
    ...rangeOf(series.values),
    yLabel: (value) => plain(value, 3),
  });
  const told = `From ${plain(path[0]!, 4)} to ${plain(path.at(-1)!, 4)} nats a bar in ${path.length - 1} iterations.`;
  return [
    text(`Log-likelihood by iteration of EM, from the start that came out best. ${told}`),
    {
      type: 'picture',
      frame,
      svg: picture(frame, 'Log-likelihood by iteration', told, [line(frame, series, 'own')]),
    },
  ];
}

const shareOf = (share: number | null): string => (share === null ? '–' : `${plain(100 * share, 2)} %`);
