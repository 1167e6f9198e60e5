import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tradesCsv } from './index.ts';
import { reportOf } from './report.fixture.ts';

const [trade] = reportOf(100, 1).trades;

/** The cells of the one line, by column. */
function line(parts: Partial<NonNullable<typeof trade>>): Record<string, string> {
  const [head, cells] = tradesCsv([{ ...trade!, ...parts }]).split('\r\n');
  return Object.fromEntries(head!.split(',').map((name, index) => [name, cells!.split(',')[index]!]));
}

test('amounts stay exact, and times are there for machines and for people', () => {
  const cells = line({ quantity: '0.123456789012', pnl: '-12.5', reward: -1e-7, entryMs: 0 });
  assert.equal(cells['quantity'], '0.123456789012');
  assert.equal(cells['pnl'], '-12.5');
  assert.equal(cells['reward'], '-1e-7');
  assert.equal(cells['entry_ms'], '0');
  assert.equal(cells['entry_time'], '1970-01-01T00:00:00.000Z');
});

test('text that a spreadsheet would run does not begin as a formula', () => {
  for (const hostile of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '-cmd'])
    assert.equal(line({ slot: hostile })['slot'], `'${hostile}`);
});

test('commas, quotes and line ends stay inside of their cell', () => {
  const csv = tradesCsv([{ ...trade!, slot: 'a,"b"\nc' }]);
  assert.ok(csv.includes('\r\n"a,""b""\nc",'));
});

test('without trades there is the header', () => {
  assert.match(tradesCsv([]), /^slot,instrument,side,[a-z_,]+\r\n$/);
});
