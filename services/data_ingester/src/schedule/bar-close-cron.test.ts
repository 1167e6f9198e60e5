import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeMs, expectedOpens, type Calendar, type Timeframe } from '@aistock/market';
import { createTask, validate } from 'node-cron';
import { barCloseCron } from './bar-close-cron.ts';

const WEEK: Readonly<Record<string, [fromMs: number, toMs: number]>> = {
  // The clocks of New York change on 10 March and 3 November; 29 November is a short day.
  spring: [Date.UTC(2024, 2, 8), Date.UTC(2024, 2, 15)],
  autumn: [Date.UTC(2024, 9, 31), Date.UTC(2024, 10, 7)],
  thanksgiving: [Date.UTC(2024, 10, 25), Date.UTC(2024, 10, 30)],
};
/** Also that of a feed which is 16 minutes late. */
const DELAYS_S = [5, 965];

for (const delayS of DELAYS_S)
  test(`there is a run ${delayS} s after the close of every bar`, () => {
    const timeframes: Timeframe[] = ['1m', '5m', '15m', '30m', '1h', '4h', '1d'];
    const calendars: Calendar[] = ['always', 'xnys'];
    for (const calendar of calendars) {
      for (const timeframe of timeframes) {
        const facts = { session: null };
        const { expression, timezone } = barCloseCron({ timeframe, calendar, facts }, delayS);
        assert.ok(validate(expression), expression);
        const task = createTask(expression, () => undefined, { timezone });
        for (const [name, [fromMs, toMs]] of Object.entries(WEEK)) {
          for (const openMs of expectedOpens(fromMs, toMs, { timeframe, calendar })) {
            const at = new Date(closeMs(openMs, timeframe, calendar) + delayS * 1_000);
            const close = `${calendar} ${timeframe} ${name} ${at.toISOString()} ${expression}`;
            assert.ok(task.match(at), close);
          }
        }
      }
    }
  });

const at = (timeframe: Timeframe, delayS: number): string =>
  barCloseCron({ timeframe, calendar: 'always', facts: { session: null } }, delayS).expression;

test('a delay of minutes moves the minutes of the hour', () => {
  assert.equal(at('1m', 5), '5 * * * * *');
  assert.equal(at('15m', 125), '5 2,17,32,47 * * * *');
  assert.equal(at('5m', 16 * 60 + 5), '5 1,6,11,16,21,26,31,36,41,46,51,56 * * * *');
  assert.equal(at('1h', 16 * 60 + 5), '5 16 * * * *');
  assert.equal(at('4h', 600), '0 10 0,4,8,12,16,20 * * *');
  assert.equal(at('1d', 0), '0 0 0 * * *');
});

test('extended sessions run from the small hours into the evening', () => {
  const { expression } = barCloseCron(
    { timeframe: '1h', calendar: 'xnys', facts: { session: 'extended' } },
    5,
  );
  assert.equal(expression, '5 0 4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20 * * 1-5');
});
