import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError, type Regime } from '@aistock/shared';
import type { Neighbours } from '../../neighbours.ts';
import { regimeAnswer } from './regime-answer.ts';

const BAR = { openMs: 0, closeMs: 60_000 };
const STREAM = { id: 'csv:SP500:1d', instrument: 'SP500', timeframe: '1d', calendar: 'xnys' } as const;
const REGIME: Regime = {
  instrument: 'SP500',
  model_id: '3f0c5a56-8a39-4a0e-9a2b-5f6f0b8f7a11',
  strategy: '*',
  generation: 1,
  bar_open_ms: 0,
  probabilities: [1],
  state: 0,
  hmm_trend: 0.5,
  hmm_risk: 0.1,
  expires_ms: 120_000,
  expired: false,
  in_sample: false,
};

/** What is told where ml_service answers so, and what it was asked. */
async function ask(answer: Regime | { status: number; code: string }, tradesMoney = false) {
  const asked: unknown[] = [];
  const models = {
    regime: async ({ query }: { query: unknown }) => {
      asked.push(query);
      if ('instrument' in answer) return answer;
      const { status, code } = answer;
      throw new CallError('refused', 'http://ml', {
        status,
        problem: { type: 'about:blank', title: 'refused', status, code, detail: code },
      });
    },
  };
  const asker = { stream: STREAM, strategy: 'trend_following', tradesMoney };
  const neighbours = { models } as unknown as Neighbours;
  const { event, expiresMs } = await regimeAnswer(neighbours, asker, BAR);
  return { asked, event, expiresMs };
}

test('the strategy asks in its own name, and says whether it trades money', async () => {
  for (const tradesMoney of [true, false]) {
    const { asked, event, expiresMs } = await ask(REGIME, tradesMoney);
    assert.deepEqual(asked, [
      {
        timeframe: '1d',
        as_of_ms: '60000',
        strategy: 'trend_following',
        live: String(tradesMoney),
      },
    ]);
    assert.deepEqual([event.strategy, event.missing, expiresMs], ['trend_following', null, 120_000]);
  }
});

test('why nobody answers is told apart', async () => {
  for (const [code, missing] of [
    ['model_demoted', 'demoted'],
    ['not_signed_off', 'not_signed_off'],
    ['model_unsound', 'none'],
  ] as const) {
    const { event, expiresMs } = await ask({ status: 409, code }, true);
    assert.deepEqual([event.regime, event.missing, expiresMs], [null, missing, null]);
  }
  assert.equal((await ask({ ...REGIME, expired: true })).event.missing, 'expired');
  assert.equal((await ask({ ...REGIME, in_sample: true })).event.missing, 'in_sample');
  await assert.rejects(ask({ status: 503, code: 'registry_unreachable' }), CallError);
});
