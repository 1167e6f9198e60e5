import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, beforeEach, test } from 'node:test';
import type { Permit } from '@aistock/shared';
import { signedBytes } from '@aistock/trading/risk';
import { FakeGate, type CheckBody, type Verdict } from './fake-gate.ts';
import { TradingDesk } from './trading-desk.ts';

/** Nothing may leave without a permit of the gate for exactly this order, now. */

let desk: TradingDesk;
let fake: FakeGate;
before(async () => {
  desk = await TradingDesk.open();
  await desk.stopExecutor();
  fake = await FakeGate.start();
  await desk.startExecutor({ RISK_GATE_URL: fake.url, GATE_TIMEOUT_MS: '1000' });
});
after(async () => {
  await desk.close();
  await fake.stop();
});
beforeEach(() => {
  desk.ingester.mood = 'well';
});

let legs = 0;
async function submitDenied(): Promise<{ reason: string | null; codes: string[] }> {
  const order = await desk.submit({ leg: `leg_${++legs}`, quantity: '1' });
  assert.equal(order.status, 'DENIED');
  assert.equal(order.permit_id, null);
  assert.deepEqual(await desk.venueOrders(), [], 'something was sent');
  assert.deepEqual(await desk.eventsOf(order.order_id), ['order.intended', 'order.denied']);
  return { reason: order.reason, codes: order.denials.map(({ code }) => code) };
}

const askGate = async (body: CheckBody): Promise<Verdict> => desk.gate.check({ body });

/** Lets the gate approve and changes what it said on the way. */
function tamper(change: (permit: Permit) => Permit | Promise<Permit>): void {
  fake.answer = async (body) => {
    const verdict = await askGate(body);
    assert.equal(verdict.verdict, 'approved');
    return { status: 200, body: { verdict: 'approved', permit: await change(verdict.permit) } };
  };
}

const FAILURES: Readonly<Record<string, FakeGate['answer']>> = {
  'does not answer': async () => undefined,
  'answers too late': async (body) => {
    const verdict = await askGate(body);
    await delay(1_200);
    return { status: 200, body: verdict };
  },
  'answers 500': async () => ({ status: 500, body: {} }),
  'answers 503': async () => ({ status: 503, body: { code: 'database_unavailable' } }),
  'answers no JSON': async () => ({ status: 200, body: '<html>' }),
  'answers another contract': async () => ({ status: 200, body: { verdict: 'approved' } }),
  'answers with a field too many': async (body) => ({
    status: 200,
    body: { ...(await askGate(body)), note: '' },
  }),
  'answers approved with 404': async (body) => ({ status: 404, body: await askGate(body) }),
  'denies without a reason': async () => ({ status: 200, body: { verdict: 'denied', denials: [] } }),
};

for (const [name, answer] of Object.entries(FAILURES)) {
  test(`no order where the gate ${name}`, async () => {
    fake.answer = answer;
    assert.deepEqual(await submitDenied(), { reason: 'gate_unavailable', codes: [] });
  });
}

test('no order by a permit for other terms', async () => {
  fake.answer = async (body) => ({
    status: 200,
    body: await askGate({ ...body, terms: { ...body.terms, quantity: '2' } }),
  });
  assert.deepEqual(await submitDenied(), { reason: 'permit_for_other_terms', codes: [] });

  test('no bracket by a permit for another protection', async () => {
    const protection = { stop_price: '98', target_price: '110', trail_bps: null };
    fake.answer = async (body) => ({
      status: 200,
      body: await askGate({
        ...body,
        terms: { ...body.terms, protection: { ...protection, stop_price: '97' } },
      }),
    });
    const order = await desk.submit({ leg: `leg_${++legs}`, quantity: '1', protection });
    assert.deepEqual([order.status, order.reason], ['DENIED', 'permit_for_other_terms']);
    const { orders } = await desk.executor.orders({ query: { parent: order.order_id } });
    assert.deepEqual(
      orders.map(({ leg, status, reason }) => `${leg} ${status} ${reason}`).toSorted(),
      ['stop', 'target'].map((part) => `leg_${legs}_${part} CANCELLED entry_not_filled`),
    );
    assert.deepEqual(await desk.venueOrders(), []);
  });
});

test('no order by a permit whose fields were changed after it was signed', async () => {
  tamper((permit) => ({ ...permit, expires_ms: permit.expires_ms + 1 }));
  assert.deepEqual(await submitDenied(), { reason: 'permit_signature_invalid', codes: [] });
  tamper((permit) => ({ ...permit, kill_epoch: permit.kill_epoch + 1 }));
  assert.deepEqual(await submitDenied(), { reason: 'permit_signature_invalid', codes: [] });
  tamper((permit) => ({ ...permit, signature: 'AAAA' }));
  assert.deepEqual(await submitDenied(), { reason: 'permit_signature_invalid', codes: [] });
});

test('no order by a permit that another key signed, under its own name or a false one', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signed = (permit: Permit): Permit => ({
    ...permit,
    signature: sign(null, signedBytes(permit), privateKey).toString('base64'),
  });
  tamper((permit) => signed({ ...permit, key_id: randomUUID() }));
  assert.deepEqual(await submitDenied(), { reason: 'permit_key_unknown', codes: [] });
  tamper(signed);
  assert.deepEqual(await submitDenied(), { reason: 'permit_signature_invalid', codes: [] });
});

test('no order by a permit that has run out by the clock of the database', async () => {
  await desk.stopGate();
  await desk.startGate({ PERMIT_TTL_MS: '1' });
  tamper(async (permit) => {
    await delay(5);
    return permit;
  });
  assert.deepEqual(await submitDenied(), { reason: 'permit_expired', codes: [] });
  await desk.stopGate();
  await desk.startGate();
});

const BY = { by: 'ann', reason: 'a test of the switch' };

test('no order where a kill comes between check and send, whatever the gate said before', async () => {
  tamper(async (permit) => {
    const { kill } = await desk.gate.kill({ body: { ...BY, scope: 'instrument:ETH/USDT', level: 'halted' } });
    await desk.gate.resume({ body: { ...BY, kill_id: kill.kill_id } });
    return permit;
  });
  assert.deepEqual(await submitDenied(), { reason: 'epoch_moved', codes: [] });
});

test('where a kill comes between check and send, the gate is asked again and says why not', async () => {
  let checks = 0;
  let killId = '';
  fake.answer = async (body) => {
    const verdict = await askGate(body);
    if (++checks === 1) {
      const { kill } = await desk.gate.kill({ body: { ...BY, scope: 'firm', level: 'halted' } });
      killId = kill.kill_id;
    }
    return { status: 200, body: verdict };
  };
  assert.deepEqual(await submitDenied(), { reason: 'risk_denied', codes: ['trading_halted'] });
  assert.equal(checks, 2);
  await desk.gate.resume({ body: { ...BY, kill_id: killId } });
});

for (const mood of ['broken', 'garbage', 'silent'] as const) {
  test(`no order while data_ingester is ${mood}`, async () => {
    await desk.stopGate();
    await desk.startGate({ PRICE_TIMEOUT_MS: '150' });
    fake.answer = async (body) => ({ status: 200, body: await askGate(body) });
    desk.ingester.mood = mood;
    assert.deepEqual(await submitDenied(), { reason: 'risk_denied', codes: ['price_missing'] });
  });
}

test('an honest gate in the same place lets the order through', async () => {
  await desk.stopGate();
  await desk.startGate();
  fake.answer = async (body) => ({ status: 200, body: await askGate(body) });
  const order = await desk.submit({ leg: `leg_${++legs}`, quantity: '1' });
  assert.equal(order.status, 'WORKING');
  assert.deepEqual(await desk.venueOrders(), [order.client_order_id]);
});
