import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@aistock/service-kit';
import { RegistryWatch } from './registry-watch.ts';
import type { RegistrySnapshot } from './snapshot.ts';

const logger = createLogger({ service: 'ml_service', level: 'silent' });

/** A watch over a registry that is told by hand; each read waits until it is answered. */
function watched(prepare: () => Promise<void> = async () => undefined) {
  let nowMs = 0;
  const reads: PromiseWithResolvers<RegistrySnapshot>[] = [];
  const read = () => {
    const asked = Promise.withResolvers<RegistrySnapshot>();
    reads.push(asked);
    return asked.promise;
  };
  const watch = new RegistryWatch({ read, prepare, logger, nowMs: () => nowMs });
  return { watch, reads, pass: (ms: number) => (nowMs += ms) };
}

const snapshot = (): RegistrySnapshot => ({ entries: [], byInstrument: new Map() });

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a registry answers for two seconds after its read began, then it is read again', async () => {
  const { watch, reads, pass } = watched();
  const first = snapshot();
  const asked = watch.current();
  await turn();
  pass(500);
  reads[0]!.resolve(first);
  assert.equal(await asked, first);
  pass(1_500);
  assert.equal(await watch.current(), first);
  assert.equal(reads.length, 1);
  pass(1);
  const later = watch.current();
  await turn();
  const second = snapshot();
  reads[1]!.resolve(second);
  assert.equal(await later, second);
});

test('one that cannot be read any more answers nobody', async () => {
  const { watch, reads, pass } = watched();
  const first = watch.current();
  await turn();
  reads[0]!.resolve(snapshot());
  await first;
  pass(2_001);
  const later = watch.current();
  await turn();
  reads[1]!.reject(new Error('no database'));
  await assert.rejects(later, { code: 'registry_unreachable', status: 503 });
});

test('whoever asks for it as it is now does not get a read that began before', async () => {
  const { watch, reads } = watched();
  const early = watch.refresh();
  await turn();
  const [late, alsoLate] = [watch.refresh(), watch.refresh()];
  const [old, fresh] = [snapshot(), snapshot()];
  reads[0]!.resolve(old);
  assert.equal(await early, old);
  await turn();
  assert.equal(reads.length, 2, 'both wait for one read');
  reads[1]!.resolve(fresh);
  assert.equal(await late, fresh);
  assert.equal(await alsoLate, fresh);
});

test('models are made ready before they answer, and a slow one is waited for half a second only', async () => {
  const never = new Promise<void>(() => undefined);
  const { watch, reads } = watched(() => never);
  const next = snapshot();
  let told: RegistrySnapshot | undefined;
  const asked = watch.refresh().then((found) => (told = found));
  await turn();
  reads[0]!.resolve(next);
  await turn();
  assert.equal(told, undefined);
  assert.equal(await asked, next);
});
