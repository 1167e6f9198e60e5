import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SELECTION } from '../../selection/index.ts';
import { BAR_MS, Desk, enter, oneSlot, scripted, signal } from '../desk.fixture.ts';
import type { CoreSetup } from '../index.ts';

const withTrend = scripted(() => signal('up', enter({ equityFraction: 0.1 })));
const againstTrend = scripted(() => signal('up', enter({ equityFraction: 0.1 })), {
  modelFit: (regime) => -regime.hmmTrend,
});

test('slots of one instrument are chosen by regime, with reasons, and only those that are may enter', () => {
  const one = oneSlot(withTrend);
  const setup: CoreSetup = {
    ...one,
    slots: [
      { ...one.slots[0]!, id: 'with', strategy: withTrend },
      { ...one.slots[0]!, id: 'against', strategy: againstTrend },
    ],
    selection: { ...DEFAULT_SELECTION, intervalMs: 2 * BAR_MS, enabledMax: 1, hysteresis: 0 },
  };
  const desk = new Desk(setup);
  const decideWith = (hmmTrend: number) => {
    desk.show(100);
    const asked = desk.core.questions(desk.atMs).filter(({ regime }) => regime);
    if (asked.length > 0)
      desk.tell({
        type: 'regime',
        stream: 'sim:BTC/USDT:5m',
        regime: { modelId: 'm', hmmTrend, hmmRisk: 0 },
        missing: null,
      });
    const logged = desk.core.handle({ type: 'close', atMs: desk.atMs });
    return {
      asked: asked.length,
      kinds: logged.map(({ decision }) => decision.kind),
      seqs: logged.map(({ decision }) => decision.seq),
      reasons: logged.flatMap(({ decision }) => (decision.kind === 'slot' ? [decision.reasons] : [])),
      enabled: logged.flatMap(({ decision }) =>
        decision.kind === 'selection' ? decision.slots.map(({ enabled }) => enabled) : [],
      ),
    };
  };
  assert.deepEqual(decideWith(1), {
    asked: 2,
    kinds: ['selection', 'slot', 'slot'],
    seqs: [1, 2, 3],
    reasons: [['up'], ['up', 'not_selected']],
    enabled: [true, false],
  });
  const second = decideWith(-1);
  assert.deepEqual(
    [second.enabled, second.reasons],
    [
      [false, true],
      [['up', 'not_selected', 'order_working'], ['up']],
    ],
  );
  assert.deepEqual(decideWith(1).kinds, ['slot', 'slot']);
});
