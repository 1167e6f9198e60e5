import { words } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import { heading, table, text, type Block, type Cell } from '../blocks.ts';

/** Smaller numbers are written with an exponent. */
const SMALL = 1e-5;

type Judgement = ModelReport['judgements'][number];
type Gate = Judgement['gates'][number];

/** Every condition with the number that decided it: for everybody, and what is asked besides for each strategy. */
export function gates({ judgements }: ModelReport): Block[] {
  const common = new Set(judgements.find(({ strategy }) => strategy === '*')?.gates.map(sameGate));
  return judgements.flatMap(({ strategy, passed, gates: all, problem }) => {
    const own = strategy === '*' ? all : all.filter((gate) => !common.has(sameGate(gate)));
    const shared = all.length - own.length;
    return [
      heading(strategy === '*' ? 'For everybody who has no model of his own' : `For ${words(strategy)}`),
      ...(problem === null ? [] : [text(`It could not be run: ${problem}.`)]),
      text(passed ? 'Every gate passed.' : `Not passed: ${failedOf(all)}.`),
      ...(shared > 0 ? [text(`${shared} gates came out as for everybody; the others:`)] : []),
      table(['Gate', '#Value', '#Limit', '@Verdict', '+Why'], own.map(gateCells)),
    ];
  });
}

const sameGate = ({ name, value, limit, pass }: Gate): string => JSON.stringify([name, value, limit, pass]);

function gateCells({ name, value, limit, pass, detail }: Gate): Cell[] {
  const verdict: Cell = pass ? 'passed' : { text: 'failed', mark: 'failed' };
  return [words(name), short(value), short(limit), verdict, detail];
}

function failedOf(all: readonly Gate[]): string {
  const failed = all.filter(({ pass }) => !pass).map(({ name }) => words(name));
  return failed.join(', ') || 'not judged';
}

/** Four significant digits, as in the sentences. */
export function short(value: number | null): string {
  if (value === null) return '–';
  if (value !== 0 && Math.abs(value) < SMALL) return value.toExponential(1).replaceAll('-', '−');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 }).replace('-', '−');
}
