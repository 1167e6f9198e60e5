import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceError } from '@aistock/service-kit';
import type { AliasEntry, RegistrySnapshot } from '../registry/snapshot.ts';
import { answeringModel, type Asker } from './answering-model.ts';

const AT = new Date(0);

/** `csv:SP500:1d trend champion a`; `-` in place of the model's id where it was withdrawn. */
function entryOf(text: string): AliasEntry {
  const [stream = '', strategy = '', alias = '', modelId = ''] = text.split(' ');
  const [, instrument = '', timeframe = ''] = stream.split(':');
  const parts = { instrument, timeframe: timeframe as AliasEntry['timeframe'] };
  const dates = { trained_to_at: AT, expires_at: AT };
  const model = modelId === '-' ? null : { model_id: modelId, stream, ...parts, ...dates };
  return {
    stream,
    strategy,
    kind: 'regime',
    alias: alias as AliasEntry['alias'],
    generation: 1,
    changed_at: AT,
    ...parts,
    model,
  };
}

function ask(entries: readonly string[], asker: Partial<Asker> = {}): string {
  const all = entries.map(entryOf);
  const byInstrument = Map.groupBy(all, ({ instrument }) => instrument);
  const snapshot: RegistrySnapshot = { entries: all, byInstrument };
  const whole = { instrument: 'SP500', timeframe: undefined, strategy: undefined, live: false, ...asker };
  try {
    return answeringModel(snapshot, whole).model.model_id;
  } catch (error) {
    assert.ok(error instanceof ServiceError);
    return error.code;
  }
}

const ALL = 'csv:SP500:1d * champion all';
const OWN = 'csv:SP500:1d trend champion own';
const TREND = { strategy: 'trend' };
const LIVE = { strategy: 'trend', live: true };

test('a strategy has its own champion, or that of everybody', () => {
  assert.equal(ask([ALL, OWN], TREND), 'own');
  assert.equal(ask([ALL, OWN], { strategy: 'other' }), 'all');
  assert.equal(ask([ALL, OWN]), 'all');
  assert.equal(ask([OWN]), 'no_active_model');
  assert.equal(ask([]), 'no_active_model');
});

test('a strategy whose champion was demoted is not answered by that of everybody', () => {
  assert.equal(ask([ALL, 'csv:SP500:1d trend champion -'], TREND), 'model_demoted');
  assert.equal(ask(['csv:SP500:1d * champion -'], TREND), 'model_demoted');
  assert.equal(ask(['csv:SP500:1d * champion -', OWN], TREND), 'own');
});

test('a challenger answers nobody, and a model of another kind no question for a regime', () => {
  assert.equal(ask(['csv:SP500:1d * challenger new']), 'no_active_model');
  const other = { ...entryOf(ALL), kind: 'volatility' as const };
  const snapshot = { entries: [other], byInstrument: new Map([['SP500', [other]]]) };
  const asker = { instrument: 'SP500', timeframe: undefined, strategy: undefined, live: false };
  assert.throws(() => answeringModel(snapshot, asker), { code: 'no_active_model' });
});

test('what trades money gets what was signed off for its strategy, and nothing else', () => {
  assert.equal(ask([ALL, OWN, 'csv:SP500:1d trend live signed'], LIVE), 'signed');
  assert.equal(ask([ALL, OWN], LIVE), 'not_signed_off');
  assert.equal(ask([ALL], LIVE), 'not_signed_off');
  assert.equal(ask([ALL, 'csv:SP500:1d other live signed'], LIVE), 'not_signed_off');
  assert.equal(
    ask([ALL, 'csv:SP500:1d trend champion -', 'csv:SP500:1d trend live -'], LIVE),
    'model_demoted',
  );
  assert.equal(ask([], LIVE), 'no_active_model');
});

test('streams are told apart by their timeframe, or not at all', () => {
  const minutes = 'csv:SP500:1m * champion minutes';
  assert.equal(ask([ALL, minutes]), 'ambiguous_stream');
  assert.equal(ask([ALL, minutes], { timeframe: '1m' }), 'minutes');
  assert.equal(ask([ALL, minutes], { timeframe: '5m' }), 'no_active_model');
  assert.equal(ask(['csv:SP500:1d * champion -', minutes]), 'minutes');
});
