import type { BacktestRun, PointFigures, StudyResult } from '@aistock/shared';

/** Puts a text in colour where it goes to a terminal. */
export type Paint = (code: number, text: string) => string;

const GREEN = 32;
const RED = 31;
const YELLOW = 33;
const BOLD = 1;
const DIM = 2;
const LABEL_WIDTH = 22;
const POINTS_SHOWN = 10;

const UNKNOWN = 'not defined';
const percent = (share: number | null): string =>
  share === null ? UNKNOWN : `${(100 * share).toFixed(2)} %`;
const number = (value: number | null): string => (value === null ? UNKNOWN : value.toFixed(3));
const money = (text: string): string => Number(text).toLocaleString('en-US', { maximumFractionDigits: 2 });
const line = (label: string, text: string): string => `  ${label.padEnd(LABEL_WIDTH)} ${text}`;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** What a run found, as lines for a person. */
export function resultLines(run: BacktestRun, paint: Paint): string[] {
  const { result } = run;
  if (!result) return [`the run is ${run.status}`];
  const { figures } = result;
  const good = (value: number | null, text: string): string =>
    value === null ? text : paint(value >= 0 ? GREEN : RED, text);
  return [
    '',
    paint(
      BOLD,
      `${run.strategies.join(', ')} on ${run.streams.join(', ')}, ${day(run.from_ms)} to ${day(run.to_ms)}`,
    ),
    line('equity', `${money(result.equity.start)} → ${money(result.equity.end)}`),
    line('return', good(figures.return_total, percent(figures.return_total))),
    line('a year', percent(figures.cagr)),
    line('Sharpe, Sortino', `${number(figures.sharpe)}, ${number(figures.sortino)}`),
    line('deepest drawdown', percent(figures.drawdown_max)),
    line(
      'trades',
      `${figures.trades}, ${percent(figures.hit_rate)} won, profit factor ${number(figures.profit_factor)}`,
    ),
    line('in the market', percent(figures.exposure)),
    line('fees, slippage', `${money(result.costs.fees)}, ${money(result.costs.slippage)}`),
    line(
      'orders',
      `${result.orders.sent} sent, ${result.orders.filled} filled, ${result.orders.denied} denied; ${result.orders.exits_filled} stops and targets filled`,
    ),
    line('tried before', triedText(result.trials, result.deflated_sharpe)),
    ...studyLines(result.study, paint),
    ...result.warnings.map(
      ({ severity, detail }) =>
        `  ${severity === 'warning' ? paint(YELLOW, '!') : paint(DIM, '·')} ${detail}`,
    ),
    paint(
      DIM,
      `  seed ${run.seed}, code ${run.code_version}, config ${run.config_sha256.slice(0, 12)}, log ${result.decision_log.sha256.slice(0, 12)}`,
    ),
  ];
}

function triedText(trials: number | null, deflated: number | null): string {
  if (trials === null) return 'not counted: nothing keeps a record of runs here';
  return `${trials} configurations on such data; deflated Sharpe ${deflated === null ? UNKNOWN : percent(deflated)}`;
}

function studyLines(study: StudyResult, paint: Paint): string[] {
  switch (study.type) {
    case 'single':
      return [];
    case 'sweep':
      return [
        line('combinations', `${study.combinations}, best by ${study.criterion} first`),
        ...study.points
          .slice(0, POINTS_SHOWN)
          .map(({ params, figures }) => line('', `${shown(figures)}  ${paramsText(params)}`)),
        line('around the best', plateauText(study.plateau)),
        line('overfitting', overfittingText(study.overfitting)),
      ];
    case 'walk_forward':
      return [
        line('folds', `${study.folds.length}, best of ${study.combinations} by ${study.criterion} in each`),
        ...study.folds.map(({ test_from_ms: from, test_to_ms: to, params, test }) =>
          line(`${day(from)} ${day(to)}`, `${shown(test)}  ${paramsText(params)}`),
        ),
        line('kept of the training', number(study.efficiency)),
      ];
    case 'scenarios':
      return study.scenarios.map(({ name, figures }) => line(name, shown(figures)));
    case 'lookahead':
    case 'recursive':
      return [
        line(study.type, study.passed ? paint(GREEN, 'passed') : paint(RED, 'failed')),
        line('', `${study.variants} variants, ${study.lines.toLocaleString('en-US')} lines compared`),
        ...study.differences.map(({ variant, at_ms: atMs, line: at }) =>
          line(
            '',
            `${variant}${atMs === null ? '' : ` at ${new Date(atMs).toISOString()}`}: line ${at} differs`,
          ),
        ),
      ];
    default:
      return study satisfies never;
  }
}

const shown = (figures: PointFigures): string =>
  `${percent(figures.return_total).padStart(11)}  Sharpe ${number(figures.sharpe).padStart(7)}  ${String(figures.trades).padStart(5)} trades`;

const paramsText = (params: Readonly<Record<string, number>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function plateauText(plateau: Extract<StudyResult, { type: 'sweep' }>['plateau']): string {
  if (plateau === null) return UNKNOWN;
  return `${plateau.neighbours} neighbours, median ${number(plateau.median)}, worst ${number(plateau.worst)}, ${percent(plateau.near_share)} near`;
}

function overfittingText(overfitting: Extract<StudyResult, { type: 'sweep' }>['overfitting']): string {
  if (overfitting === null) return `${UNKNOWN} of one combination, or of fewer than 32 days`;
  const { probability, splits } = overfitting;
  return `${percent(probability)} of ${splits.toLocaleString('en-US')} splits: the best of one half is no better than the median in the other`;
}
