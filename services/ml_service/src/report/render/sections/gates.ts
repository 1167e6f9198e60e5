import { words } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, table, text, type Block, type Cell } from '../blocks.ts';

/** Every condition with the number that decided it, for everybody and for each strategy. */
export function gates({ judgements }: ModelReport): Block[] {
  return judgements.flatMap(({ strategy, passed, gates: own, problem }) => [
    heading(strategy === '*' ? 'For everybody who has no model of his own' : `For ${words(strategy)}`),
    ...(problem === null ? [] : [text(`It could not be run: ${problem}.`)]),
    text(passed ? 'Every gate passed.' : `Not passed: ${failedOf(own)}.`),
    table(
      ['Gate', '#Value', '#Limit', '@Verdict', '+Why'],
      own.map(({ name, value, limit, pass, detail }): Cell[] => [
        words(name),
        short(value),
        short(limit),
        pass ? 'passed' : { text: 'failed', mark: 'failed' },
        detail,
      ]),
    ),
  ]);
}

function failedOf(own: ModelReport['judgements'][number]['gates']): string {
  const failed = own.filter(({ pass }) => !pass).map(({ name }) => words(name));
  return failed.join(', ') || 'not judged';
}

/** Four significant digits, as in the sentences. */
export function short(value: number | null): string {
  if (value === null) return '–';
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 }).replace('-', '−');
}
