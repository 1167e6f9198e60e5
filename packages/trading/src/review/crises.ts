import { drawdownFigures, type EquityCurve } from '../metrics/index.ts';
import { percentText, type Warning } from './warning.ts';

interface Crisis {
  readonly name: string;
  /** First and last day, UTC. */
  readonly from: string;
  readonly to: string;
}

/** Times in which markets fell far or fast, from the peak to the low as they are commonly dated. */
const CRISES: readonly Crisis[] = [
  { name: 'the dot-com crash', from: '2000-03-24', to: '2002-10-09' },
  { name: 'the financial crisis', from: '2007-10-09', to: '2009-03-09' },
  { name: 'the flash crash of 2010', from: '2010-05-06', to: '2010-05-07' },
  { name: 'the debt ceiling fall of 2011', from: '2011-07-22', to: '2011-10-03' },
  { name: 'the China fall of 2015', from: '2015-08-10', to: '2015-08-25' },
  { name: 'the crypto winter of 2018', from: '2017-12-17', to: '2018-12-15' },
  { name: 'the volatility shock of 2018', from: '2018-01-26', to: '2018-02-08' },
  { name: 'the Covid crash', from: '2020-02-19', to: '2020-03-23' },
  { name: 'the crypto fall of 2021', from: '2021-05-08', to: '2021-07-20' },
  { name: 'the bear market of 2022', from: '2022-01-03', to: '2022-10-12' },
  { name: 'the fall of Terra', from: '2022-05-05', to: '2022-06-18' },
  { name: 'the fall of FTX', from: '2022-11-05', to: '2022-11-21' },
  { name: 'the yen shock of 2024', from: '2024-07-31', to: '2024-08-05' },
  { name: 'the tariff shock of 2025', from: '2025-04-02', to: '2025-04-08' },
];

const DAY_MS = 86_400_000;

/** What the strategy did in each known crisis that its time overlaps, or that there was none. */
export function crisisNotes(curve: EquityCurve): Warning[] {
  const notes = CRISES.flatMap((crisis) => crisisNote(crisis, curve));
  if (notes.length > 0) return notes;
  return [
    {
      code: 'no_crisis',
      severity: 'note',
      detail: 'The period overlaps no known crisis: the result says nothing about one.',
      numbers: {},
    },
  ];
}

function crisisNote({ name, from, to }: Crisis, { atMs, equity }: EquityCurve): Warning[] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to) + DAY_MS];
  const before = atMs.findLastIndex((ms) => ms <= fromMs);
  const first = Math.max(0, before);
  const last = atMs.findLastIndex((ms) => ms <= toMs);
  if (last - first < 1 || equity[first]! <= 0) return [];
  const end = last + 1;
  const part = { atMs: atMs.subarray(first, end), equity: equity.subarray(first, end) };
  const made = equity[last]! / equity[first]! - 1;
  const drawdown = drawdownFigures(part).max;
  const whole = before >= 0 && atMs.at(-1)! >= toMs - DAY_MS;
  return [
    {
      code: 'crisis',
      severity: 'note',
      detail: `In ${whole ? '' : 'a part of '}${name} (${from} to ${to}) it made ${percentText(made)}, with a drawdown of ${percentText(drawdown)}.`,
      numbers: { from_ms: fromMs, to_ms: toMs, total_return: made, drawdown_max: drawdown },
    },
  ];
}
