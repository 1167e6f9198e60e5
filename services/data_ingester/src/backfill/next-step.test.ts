import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep } from './next-step.ts';

const MINUTE_MS = 60_000;
const at = (minute: number): number => minute * MINUTE_MS;
const MINUTES = { timeframe: '1m', calendar: 'always' } as const;
const WANTED = { sinceMs: at(100), untilMs: at(200), fromMs: undefined, askedMs: undefined };
const held = (first: number, last: number) => ({ firstMs: at(first), watermarkMs: at(last) });

test('a stream without bars is filled from the wanted start on', () => {
  assert.deepEqual(nextStep(WANTED, { firstMs: null, watermarkMs: null }, MINUTES), { kind: 'next' });
});

test('before a stream’s first bar the source is asked once where it begins, then for what is right before it', () => {
  assert.deepEqual(nextStep(WANTED, held(150, 160), MINUTES), { kind: 'ask_start' });
  const known = { ...WANTED, fromMs: at(120) };
  assert.deepEqual(nextStep(known, held(150, 160), MINUTES), {
    kind: 'earlier',
    sinceMs: at(120),
    askedMs: undefined,
  });
  const asked = { ...known, askedMs: at(130) };
  assert.deepEqual(nextStep(asked, held(150, 160), MINUTES), {
    kind: 'earlier',
    sinceMs: at(120),
    askedMs: at(130),
  });
});

test('once everything before the first bar was asked for, it goes forward', () => {
  assert.deepEqual(nextStep({ ...WANTED, fromMs: at(120), askedMs: at(120) }, held(150, 160), MINUTES), {
    kind: 'next',
  });
  assert.deepEqual(nextStep({ ...WANTED, fromMs: at(150) }, held(150, 160), MINUTES), { kind: 'next' });
  assert.deepEqual(nextStep(WANTED, held(100, 160), MINUTES), { kind: 'next' });
});

test('it is done with the last bar that closes by the wanted end', () => {
  assert.deepEqual(nextStep(WANTED, held(100, 198), MINUTES), { kind: 'next' });
  assert.deepEqual(nextStep(WANTED, held(100, 199), MINUTES), { kind: 'done' });
  assert.deepEqual(nextStep(WANTED, held(90, 300), MINUTES), { kind: 'done' });
});

test('a day of New York is there with its close, long before the next one begins', () => {
  const days = { timeframe: '1d', calendar: 'xnys' } as const;
  const monday = Date.UTC(2024, 0, 8, 5);
  const oneDay = { firstMs: monday, watermarkMs: monday };
  const until = (untilMs: number) => nextStep({ ...WANTED, sinceMs: monday, untilMs }, oneDay, days).kind;
  assert.equal(until(Date.UTC(2024, 0, 9, 20, 59)), 'done');
  assert.equal(until(Date.UTC(2024, 0, 9, 21)), 'next');
});
