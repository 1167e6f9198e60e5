// The promise: a gap is never filled by invention but asked for again, what a source changes later stays beside what it
// said first, and a stream that is not good enough is blocked until it is mended or a person accepts it.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { claimFiles, quarantineClaim } from '@aistock/ledger';
import { openDatabase } from '@aistock/database';
import { CallError, type dataIngesterApi, type Input } from '@aistock/shared';
import { createRig, ingestAll, type Rig, type Running } from './rig.ts';

const MINUTE_MS = 60_000;
const HEADER = 'timestamp,open,high,low,close,volume';
const WHO = { by: 'Ada', reason: 'the exchange was down' };

let rig: Rig;
let running: Running;
let folder: string;
/** Each test has a stream of its own. */
let stream: string;
let series: string;
let streams = 0;
let nowMs: number;

before(async () => {
  rig = await createRig();
  folder = join(rig.folder, 'bars');
  for (let index = 1; index <= 20; index++) await mkdir(join(folder, `T${index}-USDT`), { recursive: true });
  for (let index = 1; index <= 20; index++)
    await writeFile(join(folder, `T${index}-USDT`, '1m.csv'), csv(minutes(0, 1)));
  nowMs = 10_000 * MINUTE_MS;
  running = await rig.start({ CSV_DIR: folder }, { clock: { nowMs: () => nowMs } });
});
after(() => rig.close());
beforeEach(() => {
  streams++;
  stream = `csv:T${streams}/USDT:1m`;
  series = join(folder, `T${streams}-USDT`, '1m.csv');
  nowMs = 10_000 * MINUTE_MS;
});

type Acceptance = NonNullable<Input<typeof dataIngesterApi.accept>['body']>;

interface Row {
  readonly minute: number;
  readonly close: number;
}
const price = (minute: number): number => 100 + ((minute * 7) % 5) / 20;
function minutes(from: number, to: number, without: readonly number[] = []): Row[] {
  const rows: Row[] = [];
  for (let minute = from; minute < to; minute++)
    if (!without.includes(minute)) rows.push({ minute, close: price(minute) });
  return rows;
}
const csv = (rows: readonly Row[]): string =>
  [HEADER, ...rows.map(({ minute, close }) => `${minute * MINUTE_MS},100,200,50,${close},1`), ''].join('\n');
const put = (rows: readonly Row[]): Promise<void> => writeFile(series, csv(rows));
const ingest = () => ingestAll(running.client, stream);
const quality = () => running.client.quality({ params: { id: stream } });
const verdict = () => running.client.verdict({ params: { id: stream } });
const closes = async (asOfMs: number): Promise<[minute: number, close: string][]> => {
  const query = { stream, as_of_ms: String(asOfMs), limit: '1000' };
  const { bars } = await running.client.bars({ query });
  return bars.map((bar) => [bar.open_ms / MINUTE_MS, bar.close]);
};
const recheck = (fromMinute: number, toMinute: number) =>
  running.client.recheck({
    params: { id: stream },
    body: { from_ms: fromMinute * MINUTE_MS, to_ms: toMinute * MINUTE_MS },
  });
const accept = (kind: Acceptance['kind'], more: Partial<Acceptance> = {}) =>
  running.client.accept({ params: { id: stream }, body: { kind, ...WHO, ...more } });
const refused =
  (status: number, code = 'invalid_request') =>
  (error: unknown) => {
    assert.ok(error instanceof CallError);
    assert.deepEqual([error.status, error.problem?.code], [status, code]);
    return true;
  };
const events = async (): Promise<string[]> => {
  const rows = await rig.database.db
    .selectFrom('audit.outbox')
    .select('kind')
    .where('subject', '=', stream)
    .orderBy('outbox_id')
    .execute();
  return rows.map(({ kind }) => kind).filter((kind) => kind !== 'file.registered');
};

test('a gap stays a gap until the source gives its bars, and these were not known before', async () => {
  await put(minutes(0, 200, [50, 51, 52]));
  await ingest();
  const gap = { from_ms: 50 * MINUTE_MS, to_ms: 53 * MINUTE_MS, missing_bars: 3 };
  assert.deepEqual((await quality()).gaps, [
    { ...gap, state: 'open', attempts: 0, last_asked_ms: null, closed_ms: null },
  ]);
  assert.deepEqual(await verdict(), {
    stream,
    verdict: 'warn',
    reasons: ['3 of 200 expected bars are missing: 1.5 %, above 0 % warns'],
  });
  await ingest();
  const askedMs = nowMs;
  assert.deepEqual((await quality()).gaps, [
    { ...gap, state: 'open', attempts: 1, last_asked_ms: askedMs, closed_ms: null },
  ]);

  await put(minutes(0, 200));
  await ingest();
  assert.equal((await quality()).gaps[0]!.attempts, 1, 'not asked again before its time');
  nowMs += MINUTE_MS;
  await ingest();
  const mended = await quality();
  assert.deepEqual(mended.gaps, [
    { ...gap, state: 'filled', attempts: 2, last_asked_ms: nowMs, closed_ms: nowMs },
  ]);
  assert.deepEqual([mended.bars, mended.missing_bars, mended.verdict], [200, 0, 'pass']);
  assert.deepEqual(await events(), ['gap.filled']);
  assert.deepEqual(
    await closes(nowMs),
    minutes(0, 200).map(({ minute, close }) => [minute, String(close)]),
  );
  assert.equal((await closes(nowMs - 1)).length, 197, 'as of a moment before, the late bars were not known');
});

test('a gap of which some bars came is cut into what is still missing and what is not', async () => {
  await put(minutes(0, 200, [50, 51, 52, 53, 54]));
  await ingest();
  await put(minutes(0, 200, [50, 53, 54]));
  await ingest();
  const { gaps, missing_bars: missing, gap_counts: counts } = await quality();
  assert.deepEqual(
    gaps.map(({ from_ms, to_ms, missing_bars, state }) => [
      from_ms / MINUTE_MS,
      to_ms / MINUTE_MS,
      missing_bars,
      state,
    ]),
    [
      [50, 51, 1, 'open'],
      [53, 55, 2, 'open'],
      [51, 53, 2, 'filled'],
    ],
  );
  assert.equal(missing, 3);
  assert.deepEqual(counts, { open: 2, filled: 1, accepted: 0 });
});

test('a gap is asked for at growing intervals, and at last no more', async () => {
  await put(minutes(0, 200, [50]));
  await ingest();
  for (const [asked, waitMinutes] of [0, 1, 4, 16, 64, 256, 1024, 4096].entries()) {
    nowMs += waitMinutes * MINUTE_MS - 1;
    if (asked > 0) await ingest();
    assert.equal((await quality()).gaps[0]!.attempts, asked, `${waitMinutes} minutes are not over yet`);
    nowMs += 1;
    await ingest();
    assert.equal((await quality()).gaps[0]!.attempts, asked + 1);
  }
  nowMs += 365 * 24 * 60 * MINUTE_MS;
  await ingest();
  assert.equal((await quality()).gaps[0]!.attempts, 8);
});

test('a value that a source changes later is a revision, and both can be read', async () => {
  await put(minutes(0, 200));
  await ingest();
  const learnedMs = nowMs;
  nowMs += MINUTE_MS;
  const restated = { minute: 198, close: 101 };
  await put(minutes(0, 200).with(198, restated));
  await ingest();
  assert.equal((await closes(nowMs))[198]![1], '101');
  assert.equal((await closes(learnedMs))[198]![1], String(price(198)));
  const { findings, verdict: judged, bars } = await quality();
  assert.deepEqual(
    findings.map(({ kind, bars: found }) => [kind, found]),
    [['restated', 1]],
  );
  assert.deepEqual([judged, bars], ['warn', 200]);
  assert.deepEqual(await events(), ['bar.restated']);
  await ingest();
  assert.deepEqual(await events(), ['bar.restated'], 'the same again is no news');
});

test('a value that goes back and forth is known as it is, each time', async () => {
  await put(minutes(0, 200));
  await ingest();
  for (const close of [101, price(199), 101, price(199), 101]) {
    nowMs += MINUTE_MS;
    await put(minutes(0, 200).with(199, { minute: 199, close }));
    await ingest();
    assert.equal((await closes(nowMs))[199]![1], String(close));
  }
  assert.equal((await events()).filter((kind) => kind === 'bar.restated').length, 5);
});

test('what cannot be kept as a revision is told, and the new bars go in', async () => {
  await put(minutes(100, 101));
  await ingest();
  const first = (close: number, until: number) => minutes(100, until).with(0, { minute: 100, close });
  await put(first(101, 102));
  const [restated] = await ingest();
  assert.deepEqual([restated?.accepted, restated?.revision_problem], [1, null]);
  // The very bytes of the first file, and nothing before them that could go along.
  nowMs += MINUTE_MS;
  await put(first(price(100), 103));
  const [refusedOne] = await ingest();
  const { status, accepted, watermark_ms: watermarkMs, problem, revision_problem: told } = refusedOne!;
  assert.deepEqual([status, accepted, watermarkMs, problem], ['ingested', 1, 102 * MINUTE_MS, null]);
  assert.equal(told?.code, 'overlapping_bars');
  assert.deepEqual(
    (await closes(nowMs)).map(([, close]) => close),
    ['101', String(price(101)), String(price(102))],
  );
  const [again] = await ingest();
  assert.deepEqual([again?.status, again?.revision_problem], ['up_to_date', told], 'told until it is kept');
  const metrics = await (await fetch(`${running.service.url}/metrics`)).text();
  assert.match(metrics, new RegExp(`^ingest_revisions_refused_total\\{.*stream="${stream}".*\\} 2$`, 'm'));
  await put(first(102, 103));
  const [kept] = await ingest();
  assert.equal(kept?.revision_problem, null);
  assert.equal((await closes(nowMs))[0]![1], '102');
});

test('a range is compared on demand, and only what is older than the last bars needs it', async () => {
  await put(minutes(0, 200, [20]));
  await ingest();
  await put(minutes(0, 200).with(10, { minute: 10, close: 101 }));
  const found = await recheck(0, 30);
  assert.deepEqual([found.compared, found.restated, found.late, found.file?.rows], [30, 1, 1, 2]);
  assert.deepEqual(await events(), ['gap.filled', 'bar.restated']);
  const again = await recheck(0, 30);
  assert.deepEqual([again.compared, again.restated, again.late, again.file], [30, 0, 0, null]);
  const beyond = await recheck(190, 900);
  assert.deepEqual([beyond.compared, beyond.late], [10, 0]);
  await assert.rejects(recheck(0, 20_000), refused(422, 'range_too_long'));
  await assert.rejects(recheck(5, 5), refused(400));
});

test('too much missing blocks the stream until a person accepts it; a new fault blocks again', async () => {
  const hole = Array.from({ length: 20 }, (_, index) => 50 + index);
  await put(minutes(0, 200, hole));
  await ingest();
  assert.deepEqual(await verdict(), {
    stream,
    verdict: 'block',
    reasons: ['20 of 200 expected bars are missing: 10 %, above 5 % blocks'],
  });
  await assert.rejects(accept('gap', { gap_from_ms: 51 * MINUTE_MS }), refused(409, 'nothing_to_accept'));
  await assert.rejects(accept('gap', { reason: '' }), refused(400));
  await assert.rejects(accept('outlier', { gap_from_ms: 1 }), refused(400));
  await assert.rejects(accept('faulty'), refused(409, 'nothing_to_accept'));

  const accepted = await accept('gap', { gap_from_ms: 50 * MINUTE_MS });
  assert.deepEqual([accepted.verdict, accepted.reasons], ['pass', []]);
  assert.deepEqual(
    { ...accepted.acceptance, acceptance_id: '' },
    {
      acceptance_id: '',
      kind: 'gap',
      bars: 20,
      until_ms: 200 * MINUTE_MS - MINUTE_MS + 1,
      ...WHO,
      accepted_ms: nowMs,
    },
  );
  const told = await quality();
  assert.deepEqual([told.missing_bars, told.gaps[0]!.state, told.acceptances.length], [20, 'accepted', 1]);
  await assert.rejects(accept('gap'), refused(409, 'nothing_to_accept'));
  assert.deepEqual(await events(), ['stream.blocked', 'gap.accepted', 'stream.unblocked']);

  await put(minutes(0, 600, [...hole, ...Array.from({ length: 100 }, (_, index) => 300 + index)]));
  await ingest();
  assert.equal((await verdict()).verdict, 'block');
  assert.equal((await events()).at(-1), 'stream.blocked');
});

test('a close that stands still at the end blocks; accepted, it may go on, and the next one may not', async () => {
  const still = (from: number, to: number): Row[] => minutes(from, to).map((row) => ({ ...row, close: 100 }));
  await put([...minutes(0, 300), ...still(300, 430)]);
  await ingest();
  assert.match((await verdict()).reasons.at(-1)!, /^the close has not changed for the last 130 bars/);
  assert.equal((await accept('stale_now')).verdict, 'warn');
  assert.equal((await accept('stale')).verdict, 'pass');
  await put([...minutes(0, 300), ...still(300, 450)]);
  await ingest();
  assert.deepEqual((await verdict()).verdict, 'warn', 'the run goes on');
  await put([...minutes(0, 300), ...still(300, 450), ...minutes(450, 460), ...still(460, 590)]);
  await ingest();
  assert.equal((await verdict()).verdict, 'block');
});

test('a registered file that is found corrupt becomes a gap, blocks, is asked for again and is whole', async () => {
  await put(minutes(0, 150));
  await ingest();
  await put(minutes(0, 300, [160]));
  await ingest();
  const ml = openDatabase({ url: rig.database.url('ml_service'), applicationName: 'test' });
  const claimed = await claimFiles(ml, { claimer: 'test', stream, limit: 10 });
  await quarantineClaim(ml, claimed[1]!, 'file_corrupt: its bytes are others');
  await ml.destroy();

  assert.equal((await verdict()).verdict, 'block');
  const { gaps, bars, missing_bars: missing } = await quality();
  assert.deepEqual(
    gaps.map(({ from_ms, to_ms, missing_bars }) => [from_ms / MINUTE_MS, to_ms / MINUTE_MS, missing_bars]),
    [
      [150, 160, 10],
      [160, 161, 1],
      [161, 300, 139],
    ],
  );
  assert.deepEqual([bars, missing], [150, 150]);
  assert.equal((await closes(nowMs)).length, 150);
  await ingest();
  const whole = await quality();
  assert.deepEqual([whole.bars, whole.missing_bars, (await closes(nowMs)).length], [299, 1, 299]);
  assert.deepEqual(
    (await events()).filter((kind) => kind.startsWith('stream.')),
    ['stream.blocked', 'stream.unblocked'],
  );
});

test('of a corrupt file only what nothing else holds is missing: not what was restated, nor what came late', async () => {
  await put(minutes(0, 20));
  await ingest();
  await put(minutes(0, 40, [25]));
  await ingest();
  const late = minutes(0, 40);
  late[39] = { minute: 39, close: 111 };
  await put(late);
  await ingest();
  nowMs += MINUTE_MS;
  await ingest();
  assert.equal((await quality()).bars, 40);
  const ml = openDatabase({ url: rig.database.url('ml_service'), applicationName: 'test' });
  const claimed = await claimFiles(ml, { claimer: 'test', stream, limit: 10 });
  await quarantineClaim(ml, claimed[1]!, 'file_corrupt: its bytes are others');
  await ml.destroy();

  const held = (await closes(nowMs)).map(([minute]) => minute);
  assert.deepEqual(held.slice(20), [25, 39]);
  const lost = await quality();
  assert.deepEqual([lost.bars, lost.missing_bars], [22, 18]);
  await ingest();
  const whole = await quality();
  assert.deepEqual([whole.bars, whole.missing_bars, (await closes(nowMs)).length], [40, 0, 40]);
});

test('a stream that lost its only file is whole again too', async () => {
  await put(minutes(0, 150));
  await ingest();
  const ml = openDatabase({ url: rig.database.url('ml_service'), applicationName: 'test' });
  const [claimed] = await claimFiles(ml, { claimer: 'test', stream, limit: 1 });
  await quarantineClaim(ml, claimed!, 'file_corrupt: its bytes are others');
  await ml.destroy();
  assert.deepEqual(await verdict(), { stream, verdict: 'block', reasons: ['there are no bars'] });
  await ingest();
  nowMs += MINUTE_MS;
  await ingest();
  assert.deepEqual(
    await closes(nowMs),
    minutes(0, 150).map(({ minute, close }) => [minute, String(close)]),
  );
  assert.equal((await quality()).bars, 150);
});

test('the page says what the JSON says, without scripts and without anything from elsewhere', async () => {
  await put(minutes(0, 3_000, [50, 1_700, 1_701]));
  await ingest();
  const hostile = '<img src=x onerror=alert(1)>';
  const body = { kind: 'gap', by: hostile, reason: hostile, gap_from_ms: 50 * MINUTE_MS } as const;
  await running.client.accept({ params: { id: stream }, body });
  const response = await fetch(
    `${running.service.url}/streams/${encodeURIComponent(stream.replace('/', '-'))}/quality.html`,
  );
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-security-policy')!, /^default-src 'none'; style-src 'sha256-/);
  const page = await response.text();
  assert.ok(!/<script|<img|<link|https?:|onerror=alert\(1\)>/.test(page));
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'));
  assert.match(page, /2 of 3000 expected bars are missing: 0\.0667 %, above 0 % warns/);
  assert.equal(page.match(/<rect\s+class="h\d"[^>]*><title>1970/g)?.length, 3);
  assert.match(page, /<title>1970-01-02: 1438 of 1440 bars held<\/title>/);
  await assert.rejects(
    running.client.qualityPage({ params: { id: 'csv:NONE:1d' } }),
    refused(404, 'stream_unknown'),
  );
});

test('metrics tell verdicts, gaps and findings of each stream', async () => {
  await put(minutes(0, 200, [50, 51]));
  await ingest();
  const text = await (await fetch(`${running.service.url}/metrics`)).text();
  const line = (name: string, label: string): string | undefined =>
    text
      .split('\n')
      .find((each) => each.startsWith(`${name}{`) && each.includes(stream) && each.includes(label))
      ?.split(' ')
      .at(-1);
  assert.deepEqual(
    [line('stream_verdict', 'verdict="warn"'), line('stream_verdict', 'verdict="block"')],
    ['1', '0'],
  );
  assert.deepEqual(
    [line('stream_gaps', 'state="open"'), line('stream_gap_bars', 'state="open"')],
    ['1', '2'],
  );
  assert.equal(line('stream_finding_bars', 'kind="restated"'), '0');
});
