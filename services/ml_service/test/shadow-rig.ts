import { createRandom, fit, infer, RETURN_FEATURE, type Hmm } from '@aistock/hmm-ts';
import { closeMs, modelFeatures, toPriceBar, type Bar } from '@aistock/market';
import { PromotionPolicy } from '@aistock/promotion';
import { createLogger, serviceClient } from '@aistock/service-kit';
import { dataIngesterApi } from '@aistock/shared';
import { loadStrategies, strategySchemasEnv } from '@aistock/strategy-schemas';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { promote } from '../src/registry/champion.ts';
import { findAlias, type Place } from '../src/registry/aliases.ts';
import { readSnapshot } from '../src/registry/snapshot.ts';
import { createLiveScores } from '../src/shadow/scores/live-scores.ts';
import { ShadowTurns } from '../src/shadow/shadow-turn.ts';
import { beginTrial, type Begun } from '../src/shadow/trials/begin-trial.ts';
import { startFakeIngester, type FakeIngester } from './fake-ingester.ts';
import { sp500, STREAM } from './sp500.ts';
import { storeModel, type StoredModel } from './stored-models.ts';

/** Bars that models are trained on; what comes after is live. */
export const TRAINED_BARS = 1_200;
export const STRATEGY = 'trend_following';
const DEFAULTS = { liveDays: 5, paperDays: 0 };
/** Few bars a day: the trial has to be longer than one of minutes. */
export const DAYS = 160;
const DAILY = { shadow: { days: DAYS, paper_days: DAYS, days_max: 180, bars_min: 100 } };

/** Standard deviations of the returns of a calm and of a wild regime. */
export interface Spreads {
  readonly calm: number;
  readonly wild: number;
}

const STEPS = 24;
const STAY = 0.96;

const text = (price: number) => price.toFixed(8);

/** Bars at the times of the S&P 500 whose prices are made; the regimes change their spreads at a bar. */
export function madeBars(count: number, seed: number, spreadsAt: (bar: number) => Spreads): Bar[] {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  let close = 100;
  let wild = false;
  return sp500()
    .slice(0, count)
    .map(({ openMs }, bar) => {
      if (random.uniform() > STAY) wild = !wild;
      const { calm, wild: wildSpread } = spreadsAt(bar);
      const open = close;
      const prices = Array.from({ length: STEPS }, () => {
        close *= Math.exp(((wild ? wildSpread : calm) / Math.sqrt(STEPS)) * normal());
        return close;
      });
      const [high, low] = [Math.max(open, ...prices), Math.min(open, ...prices)];
      return { openMs, open: text(open), high: text(high), low: text(low), close: text(close), volume: '1' };
    });
}

export interface Fitted {
  readonly hmm: Hmm;
  readonly holdout: number;
}

/** As a training would: fitted on the first part, measured on the rest. */
export function fitted(bars: readonly Bar[]): Fitted {
  const { values, dimensions } = modelFeatures(bars.map(toPriceBar));
  const rows = values.length / dimensions;
  const cut = Math.floor(rows * 0.8) * dimensions;
  const trained = { dimensions, values: values.subarray(0, cut) };
  const { model } = fit(trained, { states: 2, seed: 7, orderBy: RETURN_FEATURE });
  const all = infer(model, { dimensions, values }).logLikelihood;
  return { hmm: model, holdout: (all - infer(model, trained).logLikelihood) / (rows - cut / dimensions) };
}

export type Decision = 'proved' | 'promoted' | 'withdrawn' | 'rolled_back' | 'demoted' | 'live_withdrawn';

/** A replica's turns, over a clock that is set by hand. */
export interface Replica {
  readonly turns: ShadowTurns;
  readonly decisions: Decision[];
  /** Bars that this replica put on record. */
  scored: number;
}

export interface ShadowRig extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly ingester: FakeIngester;
  readonly place: Place;
  nowMs: number;
  /** Sets the clock to the close of a bar. */
  closeOf(bar: number): number;
  replica(): Replica;
  store(model: Partial<StoredModel> & Fitted): Promise<string>;
  promote(modelId: string): Promise<void>;
  challenge(modelId: string): Promise<Begun>;
  /** Names of the models that the aliases of the place name. */
  alias(alias: 'champion' | 'challenger' | 'live'): Promise<string | null>;
  events(kind: string): Promise<Record<string, unknown>[]>;
}

export async function startShadowRig(bars: readonly Bar[], strategy = '*'): Promise<ShadowRig> {
  const database = await createTestDatabase();
  const { db } = database;
  const ingester = await startFakeIngester();
  ingester.bars = [...bars];
  const loaded = await loadStrategies(strategySchemasEnv.STRATEGY_SCHEMAS_DIR.parse(undefined));
  const policy = PromotionPolicy.parse(DAILY);
  const strategies = new Map([
    ...loaded,
    [strategy, { ...loaded.get(STRATEGY)!, promotion: policy }] as const,
  ]);
  const place: Place = { stream: STREAM, strategy, kind: 'regime' };
  const rig: ShadowRig = {
    database,
    ingester,
    place,
    nowMs: 0,
    closeOf: (bar) => (rig.nowMs = closeMs(bars[bar]!.openMs, '1d', 'xnys')),
    replica: () => {
      const client = serviceClient(dataIngesterApi, { url: ingester.service.url, token: undefined });
      const replica: Omit<Replica, 'turns'> = { decisions: [], scored: 0 };
      const turns = new ShadowTurns({
        db,
        strategies,
        keep: 10,
        clock: { nowMs: () => rig.nowMs },
        logger: createLogger({ service: 'ml_service', level: 'silent' }),
        scores: createLiveScores(db, client),
        current: () => readSnapshot(db),
        refresh: async () => undefined,
        scored: (count) => (replica.scored += count),
        decided: (decision) => replica.decisions.push(decision),
      });
      return Object.assign(replica, { turns });
    },
    store: (model) =>
      storeModel(db, {
        bars: bars.slice(0, TRAINED_BARS),
        createdMs: closeMs(bars[TRAINED_BARS]!.openMs, '1d', 'xnys'),
        ...model,
      }),
    promote: async (modelId) => {
      const previous = await findAlias(db, place, 'champion');
      const step = { modelId, previous, by: 'ana', reason: 'a test', at: new Date(rig.nowMs) };
      await db.transaction().execute((trx) => promote(trx, place, step));
    },
    challenge: async (modelId) => {
      const champion = await findAlias(db, place, 'champion');
      const at = new Date(rig.nowMs);
      return db
        .transaction()
        .execute((trx) => beginTrial(trx, place, { modelId, champion, policy, defaults: DEFAULTS, at }));
    },
    alias: async (alias) => (await findAlias(db, place, alias))?.model_id ?? null,
    events: async (kind) => {
      const own = db.selectFrom('audit.outbox').select('payload').where('kind', '=', kind);
      const told = await own.orderBy('outbox_id').execute();
      return told.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
    },
    [Symbol.asyncDispose]: async () => {
      await ingester.service.stop();
      await database.drop();
    },
  };
  return rig;
}
