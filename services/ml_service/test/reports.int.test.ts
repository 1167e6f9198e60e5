// The report of a model from POST /train to the three ways in which it is handed out.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { parseVerifierKey, verifyReport } from '@aistock/audit-log';
import { CallError } from '@aistock/shared';
import { startRig, WAIT, type Rig } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';
import { storeModel } from './stored-models.ts';

const BARS = sp500();

const refused = (code: string) => (error: unknown) => {
  assert.ok(error instanceof CallError);
  assert.equal(error.problem?.code, code);
  assert.equal(error.status, 404);
  return true;
};

async function trained(rig: Rig, body: object): Promise<string> {
  const [run] = (await rig.ml.train({ ...WAIT, body })).runs;
  assert.ok(run?.model, JSON.stringify(run?.problem));
  return run.model.model_id;
}

test('a model is written with a signed report, which is told as JSON, as a page and as a PDF', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 3_000));
  const id = await trained(rig, { streams: [STREAM], strategies: ['trend_following'] });
  const params = { id };

  const signed = await rig.ml.modelReport({ params });
  const key = parseVerifierKey(signed.verifier_key);
  assert.deepEqual(verifyReport(JSON.parse(JSON.stringify(signed)), key), {
    modelId: id,
    sha256: signed.sha256,
  });
  const stranger = { name: key.name, key: generateKeyPairSync('ed25519').privateKey };
  assert.throws(() => verifyReport(signed, stranger), /not signed by/);

  const { report } = signed;
  const { model, card, judgements } = await rig.ml.model({ params });
  assert.deepEqual([report.model_id, report.run_id], [id, model.run_id]);
  assert.deepEqual([report.artefact_sha256, report.code_version], [model.sha256, model.code_version]);
  assert.deepEqual(report.card, card);
  assert.deepEqual(report.judgements[0]?.gates, model.gates);
  assert.deepEqual(report.judgements[1]?.gates, judgements[0]?.gates);
  assert.equal(report.holdout.to_ms, BARS[2_999]!.openMs);
  assert.equal(report.regimes?.states.length, model.states);
  assert.ok(report.judgements[1]!.performance!.equity.value.length > 10);

  const [event] = await rig.database.db
    .selectFrom('audit.outbox')
    .select('payload')
    .where('kind', '=', 'model.trained')
    .execute();
  assert.equal((JSON.parse(event!.payload) as { report_sha256: string }).report_sha256, signed.sha256);

  const page = await rig.ml.modelReportPage({ params });
  assert.match(page, /<h1>Regimes of SP500, 1d<\/h1>/);
  assert.ok(page.includes(signed.sha256));
  const pdf = await rig.ml.modelReportPdf({ params });
  assert.equal(Buffer.from(pdf.subarray(0, 8)).toString(), '%PDF-1.7');
  assert.deepEqual(await rig.ml.modelReportPdf({ params }), pdf, 'the same report gives the same bytes');
});

test('the page and the PDF go out with their types and a policy that lets nothing run', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  const id = await trained(rig, { streams: [STREAM] });
  for (const [name, type] of [
    ['report.html', 'text/html; charset=utf-8'],
    ['report.pdf', 'application/pdf'],
  ] as const) {
    const response = await fetch(`${rig.url}/models/${id}/${name}`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), type);
    assert.match(response.headers.get('content-security-policy')!, /^default-src 'none'; style-src 'sha256-/);
    await response.arrayBuffer();
  }
});

test('a model that forecasts has a report of what it tells', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_500));
  const id = await trained(rig, { streams: [STREAM], algorithm: 'logistic_ridge', window_bars: 1_500 });
  const { report } = await rig.ml.modelReport({ params: { id } });
  assert.equal(report.regimes, null);
  assert.deepEqual(
    report.forecast?.weights.map(({ name }) => name),
    ['intercept', ...report.card.features.map(({ name }) => name)],
  );
  assert.ok(report.forecast.told[0]!.series.value.every((value) => value > 0 && value < 1));
  assert.match(await rig.ml.modelReportPage({ params: { id } }), /<h2>What it tells<\/h2>/);
});

test('a model from before there were reports, and one that nobody knows, have none', async () => {
  await using rig = await startRig();
  const id = await storeModel(rig.database.db, { bars: BARS.slice(0, 300) });
  for (const call of [rig.ml.modelReport, rig.ml.modelReportPage, rig.ml.modelReportPdf]) {
    await assert.rejects(call({ params: { id } }), refused('report_unknown'));
    await assert.rejects(call({ params: { id: randomUUID() } }), refused('model_unknown'));
  }
});

test('a stored report is never changed', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  await trained(rig, { streams: [STREAM] });
  const { db } = rig.database;
  await assert.rejects(db.updateTable('ml.model_report').set({ note: 'forged' }).execute());
  await assert.rejects(db.deleteFrom('ml.model_report').execute());
});
