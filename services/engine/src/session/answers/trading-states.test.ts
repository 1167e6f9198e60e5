import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_ORDERS, type CoreSetup } from '@aistock/trading/core';
import { DEFAULT_SIZING } from '@aistock/trading/sizing';
import { STRATEGIES } from '@aistock/trading/strategies';
import { tradingStates } from './trading-states.ts';

const stream = (id: string, instrument: string) =>
  ({ id, instrument, timeframe: '1d', calendar: 'always', rules: [] }) as const;
const SETUP: CoreSetup = {
  account: 'paper',
  currency: 'USD',
  startCash: '1',
  streams: [stream('csv:A:1d', 'A'), stream('csv:B:1d', 'B')],
  slots: [
    { id: 'one', strategy: STRATEGIES.get('trend_following')!, streams: ['csv:A:1d'], modelUse: 'off' },
    { id: 'two', strategy: STRATEGIES.get('momentum_breakout')!, streams: ['csv:B:1d'], modelUse: 'off' },
  ],
  sizing: DEFAULT_SIZING,
  selection: null,
  orders: DEFAULT_ORDERS,
  limits: null,
};
const kill = (scope: string, level: 'reducing' | 'halted') => ({
  kill_id: '3f0c5a56-8a39-4a0e-9a2b-5f6f0b8f7a12',
  scope,
  level,
  by: 'test',
  reason: `${scope} ${level}`,
  since_ms: 0,
});
const statesOf = (...kills: ReturnType<typeof kill>[]) =>
  tradingStates(SETUP, kills).map(({ scope, state }) => `${scope} ${state}`);

test('without a kill switch everybody is active', () => {
  assert.deepEqual(statesOf(), ['firm active', 'one active', 'two active']);
});

test('a switch hits whom its scope names, and nobody else', () => {
  assert.deepEqual(statesOf(kill('firm', 'halted')), ['firm halted', 'one active', 'two active']);
  assert.deepEqual(statesOf(kill('account:paper', 'reducing')), [
    'firm reducing',
    'one active',
    'two active',
  ]);
  assert.deepEqual(statesOf(kill('account:other', 'halted')), ['firm active', 'one active', 'two active']);
  assert.deepEqual(statesOf(kill('strategy:momentum_breakout', 'halted')), [
    'firm active',
    'one active',
    'two halted',
  ]);
  assert.deepEqual(statesOf(kill('instrument:A', 'reducing')), ['firm active', 'one reducing', 'two active']);
});

test('of several the strictest counts', () => {
  assert.deepEqual(statesOf(kill('firm', 'reducing'), kill('account:paper', 'halted')), [
    'firm halted',
    'one active',
    'two active',
  ]);
});
