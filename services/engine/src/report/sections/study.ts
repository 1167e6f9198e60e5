import { type Cell, day, minute, percent, plain, signedPercent, table, words } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { PointFigures, StudyResult } from '@aistock/shared';

const ROWS_MAX = 25;
const FIGURE_HEADS = ['#Return', '#Sharpe', '#Drawdown', '#Trades'];

/** What the study that the run belongs to found; nothing for a single run. */
export function study(result: StudyResult): Html {
  switch (result.type) {
    case 'single':
      return html``;
    case 'sweep':
      return sweep(result);
    case 'walk_forward':
      return walkForward(result);
    case 'scenarios':
      return scenarios(result);
    case 'lookahead':
    case 'recursive':
      return check(result);
    default:
      return noSuchStudy(result);
  }
}

/** What is left when every study has its section: nothing, as the compiler checks. */
function noSuchStudy(result: never): never {
  throw new TypeError(`no section shows ${JSON.stringify(result)}`);
}

type Of<Type extends StudyResult['type']> = Extract<StudyResult, { type: Type }>;

function sweep({ criterion, combinations, points, plateau, overfitting }: Of<'sweep'>): Html {
  const names = namesThatDiffer(points);
  const around =
    plateau === null
      ? 'Nothing was tried beside the best.'
      : `Around the best, ${plateau.neighbours} neighbours have a median ${words(criterion)} of ${plain(plateau.median)} and at worst ${plain(plateau.worst)}; ${percent(plateau.near_share)} are near it.`;
  return html`<p>
      The best of ${combinations} combinations by ${words(criterion)}, chosen and measured on the same bars:
      it looks better than it is. ${around}
    </p>
    <p>${overfittingText(overfitting)}</p>
    ${table(
      ['Parameters', ...FIGURE_HEADS],
      points.slice(0, ROWS_MAX).map(({ params, figures }) => [paramsText(params, names), ...cells(figures)]),
    )}`;
}

function overfittingText(overfitting: Of<'sweep'>['overfitting']): string {
  if (overfitting === null)
    return 'How likely the choice is overfitted cannot be told of one combination, or of fewer than 32 days.';
  const { probability, loss_probability: losses, slope, splits } = overfitting;
  return `Probability of backtest overfitting: ${percent(probability)}. So often, of ${splits.toLocaleString('en-US')} ways to cut the days in halves, the best combination of one half does no better than the median on the other (by the Sharpe ratio); it loses there in ${percent(losses)}, and each point of the ratio that it had in its own half is worth ${plain(slope)} in the other.`;
}

function walkForward({ criterion, combinations, folds, efficiency }: Of<'walk_forward'>): Html {
  const names = namesThatDiffer(folds);
  return html`<p>
      In each fold the best of ${combinations} combinations by ${words(criterion)} was chosen on the train
      window and traded in the test window after it; the result is that of the test windows. Their Sharpe
      ratio is ${percent(efficiency, 0)} of that of the train windows.
    </p>
    ${table(
      [
        'Train',
        'Test',
        'Parameters',
        '#Train: Sharpe',
        ...FIGURE_HEADS.map((head) => head.replace('#', '#Test: ')),
      ],
      folds.map((fold) => [
        `${day(fold.train_from_ms)} to ${day(fold.train_to_ms)}`,
        `${day(fold.test_from_ms)} to ${day(fold.test_to_ms)}`,
        paramsText(fold.params, names),
        plain(fold.train.sharpe),
        ...cells(fold.test),
      ]),
    )}`;
}

function scenarios({ scenarios: all }: Of<'scenarios'>): Html {
  return table(
    ['Scenario', 'What is different', ...FIGURE_HEADS],
    all.map(({ name, description, figures }) => [words(name), description, ...cells(figures)]),
  );
}

function check({ type, passed, variants, lines, differences }: Of<'lookahead' | 'recursive'>): Html {
  const asked =
    type === 'lookahead'
      ? 'Does a decision change when the bars after it are cut off or replaced by noise?'
      : 'Do decisions change with the length of the warm-up?';
  return html`<p>
      ${asked} <b>${passed ? 'No' : 'Yes'}</b>: ${variants} variants, ${lines} lines of the decision log
      compared, ${differences.length} differences.
    </p>
    ${table(
      ['Variant', '@From', '#Line', 'Expected', 'Found'],
      differences
        .slice(0, ROWS_MAX)
        .map(({ variant, at_ms: atMs, line, expected, actual }) => [
          words(variant),
          atMs === null ? '' : minute(atMs),
          line,
          expected,
          actual ?? 'nothing',
        ]),
    )}`;
}

function cells(figures: PointFigures): Cell[] {
  return [
    signedPercent(figures.return_total),
    plain(figures.sharpe),
    percent(figures.drawdown_max),
    figures.trades,
  ];
}

type Params = Readonly<Record<string, unknown>>;

/** Parameters that are not the same everywhere; all of them where nothing differs. */
function namesThatDiffer(all: readonly { readonly params: Params }[]): string[] {
  const names = Object.keys(all[0]?.params ?? {});
  const different = names.filter((name) => new Set(all.map(({ params }) => params[name])).size > 1);
  return different.length > 0 ? different : names;
}

function paramsText(params: Params, names: readonly string[]): string {
  return names.map((name) => `${words(name)} ${String(params[name])}`).join(', ');
}
