import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError, createClient, mlServiceApi, type Client, type Regime } from '@aistock/shared';
import { sql } from 'kysely';
import { createApp } from '../src/app.ts';
import { demote } from '../src/registry/champion.ts';
import { startRig, type Rig } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';
import { storeModel } from './stored-models.ts';

const BARS = sp500().slice(0, 600);
const WHO = { by: 'ana', reason: 'a test of the hot reload' };
const AS_OF_MS = String(BARS[590]!.openMs + 86_400_000);
const CHANGES = 20;
const CUT_AFTER = 10;
const LAG_MS_MAX = 2_000;
const LOOPS = 2;

type Ml = Client<typeof mlServiceApi>;

interface Asked {
  readonly startedMs: number;
  readonly regime: Regime;
}

/** Asks a replica over and over; `seen` settles once it has answered by a generation, for a question asked after that. */
class Load {
  readonly asked: Asked[] = [];
  readonly failures: unknown[] = [];
  readonly #ml: Ml;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[];
  #told = Promise.withResolvers<void>();

  constructor(ml: Ml) {
    this.#ml = ml;
    this.#loops = Array.from({ length: LOOPS }, () => this.#loop());
  }

  async seen(generation: number): Promise<void> {
    while (!this.asked.some(({ regime }) => regime.generation >= generation)) await this.#told.promise;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedMs = performance.now();
      try {
        this.asked.push({ startedMs, regime: await regimeOf(this.#ml) });
      } catch (error) {
        this.failures.push(error);
      }
      this.#told.resolve();
      this.#told = Promise.withResolvers();
    }
  }
}

test('a promotion or a rollback reaches every replica within 2 s, and no request fails on the way', async (t) => {
  await using rig = await startRig();
  await using second = await startSecond(rig);
  const replicas: readonly Ml[] = [rig.ml, second.ml];
  const models: string[] = [];
  for (const stay of [0.9, 0.95])
    models.push(await storeModel(rig.database.db, { bars: BARS.slice(0, 300), stay }));
  await promote(rig.ml, models[0]!);
  await promote(rig.ml, models[1]!);

  const loads = replicas.map((ml) => new Load(ml));
  /** When each generation was there for all to see, by the clock of the test. */
  const changedMs = new Map<number, number>();
  for (let change = 0; change < CHANGES; change++) {
    const ml = replicas[change % replicas.length]!;
    if (change === CUT_AFTER) await cutListeners(rig.database.db);
    const generation = change + 3;
    await (change % 2 === 0 ? ml.rollback({ body: { ...WHO, stream: STREAM } }) : promote(ml, models[1]!));
    changedMs.set(generation, performance.now());
    await Promise.all(loads.map((load) => load.seen(generation)));
  }
  await Promise.all(loads.map((load) => load.stop()));

  assert.deepEqual(
    loads.flatMap(({ failures }) => failures),
    [],
  );
  const asked = loads.flatMap((load) => load.asked);
  const lagMs = Math.max(
    ...asked.map(({ startedMs, regime }) => startedMs - (changedMs.get(regime.generation + 1) ?? Infinity)),
  );
  t.diagnostic(
    `${asked.length} answers, ${CHANGES} changes: the last answer by an old generation was asked for ${lagMs.toFixed(1)} ms after the change`,
  );
  assert.ok(lagMs < LAG_MS_MAX, `an old generation still answered ${lagMs} ms after the change`);
  for (const { regime } of asked)
    assert.equal(regime.model_id, models[regime.generation % 2 === 0 ? 1 : 0], `of ${regime.generation}`);
});

test('a demotion reaches every replica within 2 s', async () => {
  await using rig = await startRig();
  await using second = await startSecond(rig);
  const { db } = rig.database;
  const modelId = await storeModel(db, { bars: BARS.slice(0, 300) });
  await promote(rig.ml, modelId);
  for (const { ml } of [rig, second]) assert.equal((await regimeOf(ml)).model_id, modelId);
  const place = { stream: STREAM, strategy: '*', kind: 'regime' } as const;
  const previous = { model_id: modelId, generation: 1 };
  await db.transaction().execute((trx) => demote(trx, place, { ...WHO, previous, at: new Date() }));
  const demotedMs = performance.now();
  for (const { ml } of [rig, second]) await untilRefused(ml, 'model_demoted');
  assert.ok(performance.now() - demotedMs < LAG_MS_MAX);
});

const promote = (ml: Ml, id: string) => ml.promote({ params: { id }, body: WHO });
const regimeOf = (ml: Ml) => ml.regime({ params: { instrument: 'SP500' }, query: { as_of_ms: AS_OF_MS } });

async function untilRefused(ml: Ml, code: string): Promise<void> {
  for (;;) {
    try {
      await regimeOf(ml);
    } catch (error) {
      assert.ok(error instanceof CallError);
      assert.equal(error.problem?.code, code);
      return;
    }
  }
}

/** Another ml_service on the database of the first. */
async function startSecond(rig: Rig): Promise<AsyncDisposable & { readonly ml: Ml }> {
  rig.ingester.bars = BARS;
  const service = await createApp({
    PORT: '0',
    LOG_LEVEL: 'silent',
    DATABASE_URL: rig.database.url('ml_service'),
    DATA_INGESTER_URL: rig.ingester.service.url,
    LAKE_DIR: rig.lakeDir,
    REPORT_KEY_FILE: rig.env['REPORT_KEY_FILE'],
  });
  await service.listen();
  return {
    ml: createClient(mlServiceApi, { baseUrl: service.url }),
    [Symbol.asyncDispose]: () => service.stop(),
  };
}

async function cutListeners(db: Parameters<typeof storeModel>[0]): Promise<void> {
  const { rows } = await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'ml_service_listen' AND datname = current_database()`.execute(db);
  assert.equal(rows.length, 2);
}
