import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { ModelReport } from '@aistock/shared';
import { forecastReportOf, reportOf, storedOf } from '../report.fixture.ts';
import { renderReport } from './render-task.ts';

const signer = { name: 'example.com/models', key: generateKeyPairSync('ed25519').privateKey };
const HOSTILE = '"><script>alert(1)</script>';
const PAGE_BYTES_MAX = 1_000_000;

async function pageOf(report: ModelReport): Promise<string> {
  return String(await renderReport({ stored: storedOf(report, signer), as: 'page' }));
}

async function paperOf(report: ModelReport): Promise<Buffer> {
  const bytes = await renderReport({ stored: storedOf(report, signer), as: 'paper' });
  assert.ok(bytes instanceof Uint8Array);
  return Buffer.from(bytes);
}

/** Nothing that a figure without a value could have left behind, and nothing that runs or is fetched. */
function assertSound(page: string): void {
  assert.doesNotMatch(page, /NaN|Infinity|undefined|\bnull\b|\[object/);
  assert.doesNotMatch(page, /<script|\sstyle=|\son\w+=|https?:\/\//);
}

/** How many pages the tree of pages of a PDF counts. */
function pagesOf(pdf: Buffer): number {
  return Number(/\/Count (\d+)\n\/Kids/.exec(pdf.toString('latin1'))?.[1]);
}

/** What the pages of a PDF say, glyph strings put together line by line. */
function textOf(pdf: Buffer): string {
  const all = pdf.toString('latin1');
  const streams = [...all.matchAll(/\/FlateDecode\n>>\nstream\n([^]*?)\nendstream/g)].map(([, body]) =>
    inflateSync(Buffer.from(body!, 'latin1')).toString('latin1'),
  );
  return streams
    .flatMap((stream) => stream.split('\n').filter((line) => line.endsWith(' TJ')))
    .map((line) =>
      [...line.matchAll(/<([0-9a-f]*)>/g)]
        .map(([, hex]) => Buffer.from(hex!, 'hex').toString('latin1'))
        .join(''),
    )
    .join('\n');
}

const REGIME_TOLD = [
  'Regimes of SP500, 1d',
  'Every gate passed: it may answer for everybody',
  'finite in a sentence',
  'It could not be run: too few bars',
  'hold-out, from 2020-10-27 on',
  'turbulent, 49.9 % of the time',
  '1: turbulent, falling',
  'The fit did not converge',
  'EM did not converge in 500 iterations',
  'in 3 iterations',
  'itself without memory',
  'The champion was not in force any more',
  'The next bar: large move',
  'The probabilities of one event could not be measured',
  '4 folds',
  'trend following under stress',
  'fee 2',
  'a feature that could not be measured',
  'return_log 1, volatility_log 2',
  'File 12 of 20',
  '0.1.0+3f2a',
];

test('a page has every section of a regime model, with its key figures and its pictures', async () => {
  const page = await pageOf(reportOf());
  assertSound(page);
  for (const told of REGIME_TOLD) assert.ok(page.includes(told), told);
  const ids = [...page.matchAll(/<section id="([a-z-]+)">/g)].map(([, id]) => id);
  assert.deepEqual(ids, [
    'prices',
    'gates',
    'states',
    'fit',
    'comparisons',
    'calibration',
    'walk-forward',
    'drift',
    'origin',
  ]);
  assert.equal(page.match(/<svg class="chart"/g)?.length, 3);
  assert.ok(Buffer.byteLength(page) < PAGE_BYTES_MAX);
});

for (const [measure, told] of [
  ['coefficient', 'Coefficients'],
  ['gain_nats', 'What each feature was worth'],
] as const)
  test(`a model that forecasts tells what it told and its weights: ${measure}`, async () => {
    const page = await pageOf(forecastReportOf(measure));
    assertSound(page);
    for (const each of ['Direction of SP500, 1d', 'rises ahead, 5 bars ahead', 'It told no nothing', told])
      assert.ok(page.includes(each), each);
    assert.ok(page.includes('There was no champion to compare with'));
    assert.doesNotMatch(page, /<section id="states">/);
  });

test('what others named is shown, and nothing of it runs', async () => {
  const report = reportOf();
  const hostile = reportOf({
    code_version: HOSTILE,
    card: {
      ...report.card,
      warnings: [HOSTILE],
      features: [
        { name: HOSTILE, version: 1 },
        { name: HOSTILE, version: 1 },
      ],
      hyperparameters: { [HOSTILE]: HOSTILE },
      metrics: { [HOSTILE]: 1 },
    },
    judgements: [
      {
        strategy: '*',
        passed: false,
        gates: [{ name: HOSTILE, pass: false, value: null, limit: null, detail: HOSTILE }],
        problem: HOSTILE,
        performance: null,
      },
    ],
    drifts: [{ feature: HOSTILE, psi: null, psi_of_chance: null, ks: null, ks_of_chance: null }],
  });
  const page = await pageOf(hostile);
  assertSound(page);
  assert.match(page, /&quot;&gt;&lt;script&gt;/);
  assert.ok(textOf(await paperOf(hostile)).includes('<script>alert(1)</script>'));
});

test('a PDF has the same words as the page, on numbered pages', async () => {
  const pdf = await paperOf(reportOf());
  assert.equal(pdf.subarray(0, 8).toString(), '%PDF-1.7');
  assert.equal(pdf.subarray(-6).toString(), '%%EOF\n');
  const words = textOf(pdf).replaceAll('\n', ' ').replaceAll(/\s+/g, ' ');
  for (const told of REGIME_TOLD) assert.ok(words.includes(told), told);
  const pages = pagesOf(pdf);
  assert.ok(pages >= 3 && pages <= 8, String(pages));
  assert.ok(words.includes(`1 of ${pages}`) && words.includes(`${pages} of ${pages}`));
});

test('the same report gives the same bytes, another one others', async () => {
  const pdf = await paperOf(reportOf());
  assert.ok(pdf.equals(await paperOf(reportOf())));
  assert.ok(!pdf.equals(await paperOf(reportOf({ created_ms: 1 }))));
  assert.match(pdf.toString('latin1'), /\n\(D:20210515000000Z\)\n/);
  assert.equal(await pageOf(reportOf()), await pageOf(reportOf()));
});

test('signs that the fonts of PDF do not have are not dropped', async () => {
  const report = reportOf({ code_version: 'v1 \u4e2d \u2212 \u00e9' });
  assert.ok(textOf(await paperOf(report)).includes('v1 ? - \u00e9'));
});

test('a report of another format is not drawn', async () => {
  const stored = storedOf(reportOf(), signer);
  const other = { ...stored, report: stored.report.replace('model_report/1', 'model_report/9') };
  await assert.rejects(renderReport({ stored: other, as: 'page' }));
});

test('the fixture is a report as the contract says', () => {
  for (const report of [reportOf(), forecastReportOf('gain_nats')])
    assert.deepEqual(ModelReport.parse(report), report);
});
