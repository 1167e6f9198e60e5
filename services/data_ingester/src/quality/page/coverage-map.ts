import { html, type Html } from '@aistock/service-kit';
import type { QualityReport } from '../quality-report.ts';

type Coverage = QualityReport['coverage'];
type Cell = Coverage['cells'][number];

const DAY_MS = 86_400_000;
const STEP = 12;
const SIZE = 10;
const LEFT = 34;
const TOP = 14;
/** Pixels of the drawing's unit, where there is room. */
const SCALE = 1.3;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Shares of bars held from which on a shade counts, and what they are called. */
const SHADES = [
  { least: 0, name: 'none or few' },
  { least: 0.5, name: '50 % or more' },
  { least: 0.9, name: '90 % or more' },
  { least: 0.99, name: '99 % or more' },
  { least: 0.999, name: '99.9 % or more' },
  { least: 1, name: 'all' },
] as const;

interface Place {
  readonly column: number;
  readonly row: number;
}

/** How the cells of a unit lie: rows a year, columns in all, and where in its year a cell is. */
interface Layout {
  readonly rowsPerYear: number;
  readonly columns: number;
  readonly place: (day: Date) => Place;
  readonly labels: readonly { readonly column: number; readonly text: string }[];
}

const monthLabels = (columnsPerMonth: number) =>
  MONTHS.map((text, month) => ({ column: Math.round(month * columnsPerMonth), text }));
const dayOfYear = (day: Date): number => (day.getTime() - Date.UTC(day.getUTCFullYear(), 0)) / DAY_MS;
const weekdayFromMonday = (day: Date): number => (day.getUTCDay() + 6) % 7;

const LAYOUTS: Readonly<Record<Coverage['unit'], Layout>> = {
  day: {
    rowsPerYear: 7,
    columns: 54,
    place: (day) => {
      const newYear = weekdayFromMonday(new Date(Date.UTC(day.getUTCFullYear(), 0)));
      return { column: Math.floor((dayOfYear(day) + newYear) / 7), row: weekdayFromMonday(day) };
    },
    labels: monthLabels(53 / 12),
  },
  week: {
    rowsPerYear: 1,
    columns: 53,
    place: (day) => ({ column: Math.floor(dayOfYear(day) / 7), row: 0 }),
    labels: monthLabels(53 / 12),
  },
  month: {
    rowsPerYear: 1,
    columns: 12,
    place: (day) => ({ column: day.getUTCMonth(), row: 0 }),
    labels: monthLabels(1).map((label) => ({ ...label, text: label.text.slice(0, 1) })),
  },
};

/** A heat map of the share of expected bars that are held, year below year; each cell tells its numbers. */
export function coverageMap({ unit, cells }: Coverage): Html {
  const [first, last] = [cells[0], cells.at(-1)];
  if (!first || !last) return html`<p>There are no bars yet.</p>`;
  const layout = LAYOUTS[unit];
  const firstYear = new Date(first.from_ms).getUTCFullYear();
  const years = new Date(last.from_ms).getUTCFullYear() - firstYear + 1;
  const bandHeight = layout.rowsPerYear * STEP + (layout.rowsPerYear > 1 ? STEP : 0);
  const [width, height] = [LEFT + layout.columns * STEP, TOP + years * bandHeight];
  const rects = cells.map((cell) => {
    const day = new Date(cell.from_ms);
    const { column, row } = layout.place(day);
    const y = TOP + (day.getUTCFullYear() - firstYear) * bandHeight + row * STEP;
    return html`<rect
      class="h${shadeOf(cell)}"
      x="${LEFT + column * STEP}"
      y="${y}"
      width="${SIZE}"
      height="${SIZE}"
      ><title>${tell(cell, unit)}</title></rect
    >`;
  });
  const labels = layout.labels.map(
    ({ column, text }) => html`<text x="${LEFT + column * STEP}" y="9">${text}</text>`,
  );
  const yearLabels = Array.from(
    { length: years },
    (_, index) => html`<text x="0" y="${TOP + index * bandHeight + 8}">${firstYear + index}</text>`,
  );
  return html`<svg
      width="${width * SCALE}"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-labelledby="map-title map-text"
    >
      <title id="map-title">Share of expected bars that are held, by ${unit}</title>
      <desc id="map-text">${summarise(cells, unit)}</desc>
      ${labels}${yearLabels}${rects}
    </svg>
    ${key()}`;
}

/** What the map shows, in words. */
export function summarise(cells: readonly Cell[], unit: Coverage['unit']): string {
  const whole = cells.filter((cell) => cell.held === cell.expected).length;
  const worst = cells.reduce((least, cell) => (share(cell) < share(least) ? cell : least), cells[0]!);
  const lowest = whole === cells.length ? '' : ` The least has ${tell(worst, unit)}.`;
  return `${whole} of ${cells.length} ${unit}s are whole.${lowest}`;
}

function tell(cell: Cell, unit: Coverage['unit']): string {
  const day = new Date(cell.from_ms).toISOString().slice(0, unit === 'month' ? 7 : 10);
  return `${unit === 'week' ? 'week of ' : ''}${day}: ${cell.held} of ${cell.expected} bars held`;
}

function key(): Html {
  const entries = SHADES.map(
    ({ name }, index) =>
      html`<rect class="h${index}" x="${index * 92}" y="2" width="${SIZE}" height="${SIZE}" /><text
          x="${index * 92 + 14}"
          y="11"
          >${name}</text
        >`,
  );
  return html`<svg
    class="key"
    viewBox="0 0 ${SHADES.length * 92} 14"
    role="img"
    aria-label="Colours, from no bars held to all of them"
  >
    ${entries}
  </svg>`;
}

function share({ held, expected }: Cell): number {
  return held / expected;
}

function shadeOf(cell: Cell): number {
  return SHADES.findLastIndex(({ least }) => share(cell) >= least);
}
