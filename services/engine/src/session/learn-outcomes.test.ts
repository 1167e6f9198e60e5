import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnOutcomes } from './learn-outcomes.ts';
import { OutcomeBook } from './outcome-book.ts';
import type { SessionRun } from './session-run.ts';

const trade = (configId: string) => ({
  slot: 'making',
  instrument: 'A',
  configId,
  side: 'buy' as const,
  quantity: '10',
  entryMs: 1,
  entryPrice: '100',
  exitMs: 5,
  exitPrice: '110',
  fees: '0',
  pnl: '100',
  reward: 0.1,
});

test('what a choice is learned from is what was closed of it first; a rest that is closed later is not told', async () => {
  const told: unknown[] = [];
  const outcomes = new OutcomeBook();
  outcomes.add(trade('learned'));
  outcomes.add(trade('new'));
  const controller = {
    decision: async ({ params: { config_id: id } }: { params: { config_id: string } }) => ({
      decision: { strategy: 'market_making', instrument: 'A', preset_id: 'balanced' },
      outcome: id === 'learned' ? { reward: -0.2, closed_ms: 1, learned_ms: 2 } : null,
    }),
    learnOutcome: async ({ body }: { body: { config_id: string; reward: number } }) => {
      told.push([body.config_id, body.reward]);
      return { learned: true };
    },
  };
  const run = {
    deps: { neighbours: { controller }, fault: () => undefined },
    state: { outcomes },
    counts: { outcomes: 0 },
  } as unknown as SessionRun;
  await learnOutcomes(run, 'making');
  assert.deepEqual([told, run.counts.outcomes], [[['new', 0.1]], 1]);
});
