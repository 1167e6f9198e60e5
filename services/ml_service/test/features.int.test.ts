// The feature store as its users see it: what is in it is what the bars say, whatever was cut off, restated or damaged.
import assert from 'node:assert/strict';
import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { columnsOf, FEATURES } from '@aistock/features';
import { folderLake, RawStore } from '@aistock/lake';
import { registerRevision } from '@aistock/ledger';
import { closeMs, toPriceBar, type Bar } from '@aistock/market';
import { CallError } from '@aistock/shared';
import { startRig, type Rig } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';

const BARS = sp500().slice(0, 1_300);
const PAGE = { timeframe: '1d', limit: '5000' } as const;
const FOLDER = 'features/source=csv/instrument=SP500/timeframe=1d';
const NAMES = FEATURES.map(({ name }) => name);

let rig: Rig;
before(async () => {
  rig = await startRig();
  await rig.register(BARS.slice(0, 700));
});
after(() => rig[Symbol.asyncDispose]());

const build = async (verify = false) =>
  (await rig.ml.buildFeatures({ body: { streams: [STREAM], verify } })).streams[0]!;
const read = (query: Record<string, string> = {}) =>
  rig.ml.featureValues({ params: { instrument: 'SP500' }, query: { ...PAGE, ...query } });
const refuses = (status: number, code: string) => (error: unknown) =>
  error instanceof CallError && error.status === status && error.problem?.code === code;

/** What the registry makes of bars, as the wire tells it. */
function expected(bars: readonly Bar[]): Record<string, (number | null)[]> {
  const columns = columnsOf(FEATURES, bars.map(toPriceBar), '1d');
  return Object.fromEntries(
    NAMES.map((name, index) => [
      name,
      Array.from(columns[index]!, (value) => (Number.isNaN(value) ? null : value)),
    ]),
  );
}

async function assertHolds(bars: readonly Bar[], query: Record<string, string> = {}): Promise<void> {
  const answer = await read(query);
  assert.deepEqual(
    answer.open_ms,
    bars.map(({ openMs }) => openMs),
  );
  assert.deepEqual(answer.values, expected(bars));
}

const partFiles = async (): Promise<string[]> => {
  const found = await readdir(join(rig.lakeDir, 'features'), { recursive: true });
  return found.filter((path) => path.endsWith('.parquet'));
};

const restatedBar = (openMs: number): Bar | undefined =>
  rig.ingester.restated.find(({ bar }) => bar.openMs === openMs)?.bar;

/** Bars in place of some that were published, as data_ingester registers and serves them. */
async function restate(bars: readonly Bar[], knownMs: number): Promise<void> {
  const stored = await new RawStore(folderLake(rig.lakeDir)).write(bars);
  const range = { firstOpenMs: bars[0]!.openMs, lastOpenMs: bars.at(-1)!.openMs };
  const file = {
    stream: STREAM,
    sha256: stored.sha256,
    path: stored.path,
    rows: bars.length,
    bytes: 1,
    ...range,
  };
  await rig.database.db.transaction().execute((trx) => registerRevision(trx, file, 1));
  rig.ingester.restated.push(...bars.map((bar) => ({ bar, knownMs })));
}

test('before it is built nothing is told, and names must be known', async () => {
  await assert.rejects(read(), refuses(409, 'features_not_built'));
  await assert.rejects(read({ names: 'rsi_15' }), refuses(404, 'feature_unknown'));
  await assert.rejects(read({ source: 'other' }), refuses(404, 'stream_unknown'));
  await assert.rejects(read({ names: 'rsi_14,rsi_14' }), refuses(400, 'invalid_request'));
  await assert.rejects(
    rig.ml.buildFeatures({ body: { streams: ['csv:NONE:1d'] } }),
    refuses(404, 'stream_unknown'),
  );
  const { features } = await rig.ml.features();
  assert.deepEqual(
    features.map(({ name }) => name),
    NAMES,
  );
});

test('a build holds what the registry makes of the bars, bit for bit; then only new bars are computed', async () => {
  const first = await build();
  assert.deepEqual([first.status, first.bars, first.stale_from], ['built', 700, null]);
  await assertHolds(BARS.slice(0, 700));
  assert.deepEqual((await build()).status, 'up_to_date');
  const files = await partFiles();
  await rig.register(BARS.slice(700, 1_250));
  assert.equal((await read()).built_to_ms, BARS[699]!.openMs);
  const asked = rig.ingester.asked.length;
  const second = await build();
  assert.deepEqual([second.status, second.bars, second.stale_from], ['built', 550, null]);
  const froms = rig.ingester.asked.slice(asked).map(({ from_ms }) => Number(from_ms));
  assert.ok(Math.min(...froms) > BARS[699]!.openMs, 'no bar that had its features was read again');
  await assertHolds(BARS.slice(0, 1_250));
  const later = await partFiles();
  assert.deepEqual(
    files.filter((path) => !later.includes(path)),
    [],
  );
});

test('pages follow on each other, and a time in the past does not see what closed later', async () => {
  const page = await read({ limit: '500', names: 'rsi_14,ema_50' });
  assert.equal(page.open_ms.length, 500);
  assert.equal(page.next_from_ms, BARS[500]!.openMs);
  assert.deepEqual(Object.keys(page.values).toSorted(), ['ema_50', 'rsi_14']);
  const asOfMs = closeMs(BARS[600]!.openMs, '1d', 'xnys');
  const then = await read({ as_of_ms: String(asOfMs) });
  assert.equal(then.open_ms.at(-1), BARS[600]!.openMs);
  const justBefore = await read({ as_of_ms: String(asOfMs - 1) });
  assert.equal(justBefore.open_ms.at(-1), BARS[599]!.openMs);
  const range = await read({ from_ms: String(BARS[10]!.openMs), to_ms: String(BARS[12]!.openMs) });
  assert.deepEqual(range.open_ms, [BARS[10]!.openMs, BARS[11]!.openMs]);
});

test('a restated bar makes its year and all after it new, and the past is answered as it was', async () => {
  const learnedMs = closeMs(BARS[1_249]!.openMs, '1d', 'xnys') + 5_000;
  const { openMs } = BARS[900]!;
  const restated = { ...BARS[900]!, high: '9000', close: '8000' };
  await restate([restated], learnedMs);
  const year = new Date(openMs).toISOString().slice(0, 4);
  // What is stale is not told of, before it is built anew.
  const told = await read();
  assert.ok(told.open_ms.every((ms) => new Date(ms).toISOString().slice(0, 4) < year));
  const built = await build();
  assert.deepEqual([built.status, built.stale_from], ['built', year]);
  const now = BARS.slice(0, 1_250).with(900, restated);
  await assertHolds(now);
  await assertHolds(BARS.slice(0, 1_250), { as_of_ms: String(learnedMs - 1) });
  await assertHolds(now, { as_of_ms: String(learnedMs) });
  assert.equal((await build()).status, 'up_to_date');
});

test('a build that was cut off goes on where it was', async () => {
  await rig.register(BARS.slice(1_250));
  const manifest = join(rig.lakeDir, FOLDER);
  // What a writer leaves that dies between a part and the manifest.
  await writeFile(join(manifest, `${'0'.repeat(8)}.tmp`), 'half');
  await writeFile(join(manifest, 'year=2000', `${'a'.repeat(64)}.parquet`), 'nobody names it');
  const built = await build();
  assert.deepEqual([built.status, built.bars], ['built', 50]);
  assert.deepEqual((await readdir(join(manifest, 'year=2000'))).length, 1);
  assert.ok(!(await readdir(manifest)).some((name) => name.endsWith('.tmp')));
});

test('what is damaged is refused, and computed anew by the next build', async () => {
  const whole = await read();
  const year = 'year=2001';
  const [damaged = ''] = (await partFiles()).filter((path) => path.includes(year));
  await truncate(join(rig.lakeDir, 'features', damaged), 200);
  await rig.restart();
  await assert.rejects(read(), refuses(503, 'features_damaged'));
  assert.equal((await build()).status, 'up_to_date');
  assert.equal((await build(true)).stale_from, '2001');
  assert.deepEqual((await read()).values, whole.values);
  await writeFile(join(rig.lakeDir, FOLDER, '_manifest.json'), '{"format":');
  await assert.rejects(read(), refuses(503, 'features_damaged'));
  assert.equal((await build()).bars, BARS.length);
  assert.deepEqual((await read()).values, whole.values);
});

test('where the last year is damaged, new bars have all computed anew', async () => {
  const last = (await partFiles()).toSorted().at(-1)!;
  await truncate(join(rig.lakeDir, 'features', last), 200);
  await rig.restart();
  await rig.register(sp500().slice(1_300, 1_310));
  assert.equal((await build()).bars, 1_310);
  assert.deepEqual((await read()).open_ms.length, 1_310);
});

test('two builds at a time are one after the other', async () => {
  await rm(join(rig.lakeDir, 'features'), { recursive: true });
  const builds = await Promise.all([build(), build()]);
  assert.deepEqual(builds.map(({ status }) => status).toSorted(), ['built', 'up_to_date']);
});

test('a service that stops in the middle of a build leaves nothing that is wrong', async () => {
  await rm(join(rig.lakeDir, 'features'), { recursive: true });
  const cut = build().then(
    () => 'built',
    () => 'cut off',
  );
  await rig.restart();
  await cut;
  await build();
  const held = sp500().slice(0, 1_310);
  await assertHolds(held.map((bar) => restatedBar(bar.openMs) ?? bar));
});

test('a bar that was restated by a clock ahead of this one is not passed over', async () => {
  const held = sp500().slice(0, 1_310);
  const restated = { ...held[1_305]!, high: '9000', close: '8000' };
  const learnedMs = Date.now() + 600_000;
  await restate([restated], learnedMs);
  assert.equal((await build()).status, 'built');
  const now = held.map((bar) => restatedBar(bar.openMs) ?? bar);
  await assertHolds(now, { as_of_ms: String(learnedMs) });
});
