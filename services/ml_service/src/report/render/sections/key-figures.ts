import { day, plain } from '@aistock/report';
import type { ModelReport } from '@aistock/shared';
import type { KeyFigure } from '../blocks.ts';

/** The figures that are looked at first. */
export function keyFigures(report: ModelReport): KeyFigure[] {
  const { card, holdout, quality, leak, expires_ms: expiresMs, judgements } = report;
  const gates = judgements[0]?.gates ?? [];
  const passed = gates.filter(({ pass }) => pass).length;
  return [
    {
      name: 'Gates',
      value: judgements[0]?.passed ? 'passed' : 'failed',
      note: `${passed} of ${gates.length} for everybody`,
    },
    {
      name: 'Fitted on',
      value: `${whole(report.bars)} bars`,
      note: `${day(card.trained_from_ms)} to ${day(card.trained_to_ms)}`,
    },
    {
      name: 'Hold-out',
      value: `${whole(holdout.bars)} bars`,
      note: `${day(holdout.from_ms)} to ${day(holdout.to_ms)}`,
    },
    {
      name: 'Log-likelihood, hold-out',
      value: plain(holdout.log_likelihood, 4),
      note: 'nats a bar, each given all before it',
    },
    sizeFigure(report),
    fitFigure(report),
    differenceFigure(report, report.regimes ? 'no_memory' : 'baseline'),
    differenceFigure(report, 'champion'),
    { name: 'Data', value: quality ?? 'unknown', note: 'verdict on the stream' },
    driftFigure(report),
    {
      name: 'Look-ahead',
      value: leak ? whole(leak.differing) : 'unknown',
      note: leak ? `of ${whole(leak.compared)} values knew what came later` : 'could not be checked',
    },
    { name: 'Expires', value: day(expiresMs), note: 'unless it is retrained' },
  ];
}

const whole = (count: number): string => count.toLocaleString('en-US');

function sizeFigure({ card, regimes }: ModelReport): KeyFigure {
  const note = `${card.parameters} free parameters`;
  return regimes
    ? { name: 'States', value: String(regimes.states.length), note }
    : { name: 'Target', value: card.target?.name ?? 'none', note };
}

function fitFigure({ card, regimes }: ModelReport): KeyFigure {
  const iterations = (regimes?.fit_path.length ?? 0) - 1;
  return {
    name: 'Fit',
    value: card.converged ? 'converged' : 'not converged',
    note: iterations > 0 ? `${iterations} iterations of EM` : `on ${whole(card.rows)} rows`,
  };
}

const AGAINST = {
  no_memory: 'Worth of memory',
  baseline: 'Over the baseline',
  champion: 'Over the champion',
} as const;

/** Of the hold-out and the shortest horizon. */
function differenceFigure({ differences }: ModelReport, against: keyof typeof AGAINST): KeyFigure {
  const told = differences.find((each) => each.against === against && each.on === 'holdout');
  return {
    name: AGAINST[against],
    value: plain(told?.mean ?? null, 4),
    note: told ? `± ${plain(told.standard_error, 4)} nats a bar, hold-out` : 'nothing to compare with',
  };
}

function driftFigure({ drifts }: ModelReport): KeyFigure {
  const known = drifts.flatMap((each) => (each?.psi === null || !each ? [] : [{ ...each, psi: each.psi }]));
  const worst = known.toSorted((a, b) => b.psi - a.psi)[0];
  return {
    name: 'Drift',
    value: worst ? plain(worst.psi) : '–',
    note: worst ? `stability index of ${worst.feature}` : 'not known',
  };
}
