import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { OrderIntent } from '@aistock/shared';
import { applyFill, FLAT } from '../portfolio/index.ts';
import type { Signal, Strategy } from '../strategies/index.ts';
import { z } from 'zod';
import { FLAT_STATE, step, type SessionSetup, type StepInput } from './index.ts';

const CONFIG_ID = '6a2f0f0e-36a5-4b1f-8ec4-0d9b8c8f0f11';
const bar = (openMs: number): Bar => ({
  openMs,
  open: '100',
  high: '101',
  low: '99',
  close: '100',
  volume: '1',
});
const LONG = applyFill(FLAT, { side: 'buy', quantity: '5', price: '98', fee: '0' });

/** A strategy that says what it is told, and tells what it was shown. */
function scripted(signal: Signal | undefined, seen: unknown[] = []): SessionSetup {
  const strategy: Strategy = {
    name: 'scripted',
    description: 'for tests',
    paramNames: [],
    schema: z.record(z.string(), z.number()),
    lookbackBars: () => 1,
    decide: (context) => {
      seen.push(context.position);
      return signal;
    },
  };
  return { strategy, account: 'paper', stream: 'csv:SP500:1d', instrument: 'SP500', lotSize: '0.1' };
}

const ENTER: Signal = { action: 'enter_long', equityFraction: 0.5, reason: 'told' };
const EXIT: Signal = { action: 'exit_long', reason: 'told' };
const input = (changes: Partial<StepInput> = {}): StepInput => ({
  bar: bar(1000),
  closeMs: 2000,
  bars: [{ openMs: 1000, open: 100, high: 101, low: 99, close: 100, volume: 1 }],
  features: { vol: 0.2, momentum: 0.01 },
  regime: undefined,
  quality: 'pass',
  config: { configId: CONFIG_ID, params: { a: 1 } },
  position: FLAT,
  working: false,
  equity: '1000',
  ...changes,
});
const noteOf = (line: string): unknown => (JSON.parse(line) as { note: unknown }).note;

test('an entry becomes one market order of the share of equity, as the contract wants it', () => {
  const { intents } = step(scripted(ENTER), FLAT_STATE, input());
  assert.equal(intents.length, 1);
  const intent = OrderIntent.parse(intents[0]);
  assert.equal(intent.side, 'buy');
  assert.equal(intent.quantity, '5');
  assert.equal(intent.reduce_only, false);
  assert.equal(intent.config_id, CONFIG_ID);
  assert.deepEqual([intent.bar_open_ms, intent.as_of_ms], [1000, 2000]);
});

test('while an order is working nothing more is entered, and what is held can still be left', () => {
  const { intents, line } = step(scripted(ENTER), FLAT_STATE, input({ working: true }));
  assert.deepEqual([intents, noteOf(line)], [[], 'order_working']);
  const exit = step(scripted(EXIT), FLAT_STATE, input({ position: LONG, working: true }));
  assert.equal(exit.intents.length, 1);
});

test('on a blocked stream, and on one of unknown quality, nothing is entered, and what is held can be left', () => {
  for (const [quality, why] of [
    ['block', 'stream_blocked'],
    ['unknown', 'quality_unknown'],
  ] as const) {
    const output = step(scripted(ENTER), FLAT_STATE, input({ quality }));
    assert.deepEqual([output.intents, output.withheld, noteOf(output.line)], [[], why, why]);
    assert.deepEqual(output.signal, ENTER);
    const exit = step(scripted(EXIT), FLAT_STATE, input({ position: LONG, quality }));
    assert.deepEqual([exit.intents.length, exit.withheld], [1, undefined]);
  }
  const warned = step(scripted(ENTER), FLAT_STATE, input({ quality: 'warn' }));
  assert.deepEqual(warned, step(scripted(ENTER), FLAT_STATE, input()));
});

test('an exit sells what is held, reduce-only', () => {
  const intent = OrderIntent.parse(step(scripted(EXIT), FLAT_STATE, input({ position: LONG })).intents[0]);
  assert.deepEqual([intent.side, intent.quantity, intent.reduce_only], ['sell', '5', true]);
});

test('the same bar decides under the same id, another leg or account under another', () => {
  const once = step(scripted(ENTER), FLAT_STATE, input()).intents[0]?.decision_id;
  assert.equal(step(scripted(ENTER), FLAT_STATE, input()).intents[0]?.decision_id, once);
  const other = { ...scripted(ENTER), account: 'other' };
  assert.notEqual(step(other, FLAT_STATE, input()).intents[0]?.decision_id, once);
  const exit = step(scripted(EXIT), FLAT_STATE, input({ position: LONG }));
  assert.notEqual(exit.intents[0]?.decision_id, once);
});

test('what is not known sends nothing, and the line says why', () => {
  const cases: readonly [SessionSetup, Partial<StepInput>, string][] = [
    [scripted(ENTER), { config: undefined }, 'no_params'],
    [scripted(ENTER), { bars: [] }, 'warming_up'],
    [scripted(ENTER), { equity: null }, 'equity_unknown'],
    [scripted(ENTER), { equity: '1' }, 'size_below_lot'],
    [scripted(ENTER), { position: LONG }, 'already_entered'],
    [scripted(EXIT), {}, 'nothing_to_exit'],
  ];
  for (const [setup, changes, note] of cases) {
    const output = step(setup, FLAT_STATE, input(changes));
    assert.deepEqual(output.intents, []);
    assert.equal(noteOf(output.line), note);
  }
});

test('the bars of a holding are counted from the bar that filled it', () => {
  const seen: unknown[] = [];
  const setup = scripted(undefined, seen);
  const first = step(setup, FLAT_STATE, input({ position: LONG }));
  const second = step(setup, first.state, input({ bar: bar(2000), position: LONG }));
  const flat = step(setup, second.state, input({ bar: bar(3000) }));
  assert.deepEqual(seen, [
    { entryMs: 1000, entryPrice: 98, quantity: 5, barsHeld: 1 },
    { entryMs: 1000, entryPrice: 98, quantity: 5, barsHeld: 2 },
    undefined,
  ]);
  assert.deepEqual(flat.state, FLAT_STATE);
});

test('the line is the same for the same bar, whatever the ids and the spelling of amounts', () => {
  const regime = { modelId: 'm', hmmTrend: 0.5, hmmRisk: 0.1 };
  const line = step(scripted(ENTER), FLAT_STATE, input({ regime })).line;
  const config = { configId: 'a2b0c7de-0000-4000-8000-000000000000', params: { a: 1 } };
  const other = { ...scripted(ENTER), account: 'other' };
  assert.equal(step(other, FLAT_STATE, input({ regime, config, equity: '1000.00' })).line, line);
  assert.equal(
    line,
    '{"action":"enter_long","bar_open_ms":1000,"equity":"1000","features":{"momentum":0.01,"vol":0.2},' +
      '"instrument":"SP500","note":"told","order":{"leg":"entry","quantity":"5","side":"buy"},"params":{"a":1},' +
      '"position":null,"regime":{"hmm_risk":0.1,"hmm_trend":0.5,"model_id":"m"},"strategy":"scripted"}',
  );
});
