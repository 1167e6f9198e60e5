import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSourceError } from '../../test/web-terms.ts';
import { chartActions } from './chart-actions.ts';
import type { Chart } from './chart.ts';

const atMs = (text: string): number => Date.parse(`2024-05-${text}Z`);
/** By New York's clock. */
const dayMs = (day: string): number => atMs(`${day}T04:00`);

type Events = NonNullable<Chart['events']>;
const chartOf = (events: Events): Chart => ({
  meta: { symbol: 'AAPL', exchangeTimezoneName: 'America/New_York', dataGranularity: '1d' },
  events,
  indicators: { quote: [{}] },
});

function dividends(...told: [at: string, amount: string][]): Events {
  return { dividends: Object.fromEntries(told.map(([at, amount]) => [at, { amount, date: atMs(at) }])) };
}

function splits(...told: [at: string, numerator: string, denominator: string][]): Events {
  const byTime = told.map(([at, numerator, denominator]) => [at, { date: atMs(at), numerator, denominator }]);
  return { splits: Object.fromEntries(byTime) as Events['splits'] };
}

test('dividends of one day are one, their exact sum', () => {
  const events = dividends(['10T13:30', '0.1'], ['10T14:30', '0.2'], ['13T13:30', '75.0875015258789']);
  assert.deepEqual(chartActions(chartOf(events), 'xnys'), [
    { kind: 'dividend', exOpenMs: dayMs('10'), amount: '0.3' },
    { kind: 'dividend', exOpenMs: dayMs('13'), amount: '75.0875' },
  ]);
});

test('splits of one day are one, their exact product in lowest terms, in whatever order they come', () => {
  const told: [string, string, string][] = [
    ['10T13:30', '1', '3'],
    ['10T14:30', '1.05', '1'],
    ['10T15:30', '10', '1'],
  ];
  const split = { kind: 'split', exOpenMs: dayMs('10'), newShares: '7', oldShares: '2' };
  for (const order of [told, told.toReversed()])
    assert.deepEqual(chartActions(chartOf(splits(...order)), 'xnys'), [split]);
});

test('one split of a day stays as it was told, also beside a dividend', () => {
  const events = { ...dividends(['10T13:30', '1']), ...splits(['10T13:30', '2.50', '1.0']) };
  assert.deepEqual(chartActions(chartOf(events), 'xnys'), [
    { kind: 'split', exOpenMs: dayMs('10'), newShares: '2.5', oldShares: '1' },
    { kind: 'dividend', exOpenMs: dayMs('10'), amount: '1' },
  ]);
});

test('what no share can have is malformed', () => {
  const long = '9'.repeat(26);
  for (const wrong of [
    dividends(['10T13:30', '-1']),
    splits(['10T13:30', '0', '1']),
    splits(['10T13:30', '1', '-1']),
    splits(['10T13:30', long, '1'], ['10T14:30', long, '1']),
    dividends(['10T13:30', long], ['10T14:30', long]),
  ])
    assert.throws(() => chartActions(chartOf(wrong), 'xnys'), isSourceError('malformed_data'));
});
