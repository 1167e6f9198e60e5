import { TIMEFRAME_MS } from '@aistock/market';
import {
  auditorApi,
  canonicalJson,
  type Client,
  createClient,
  dataIngesterApi,
  engineApi,
  executorApi,
  type Limits,
  mlServiceApi,
  type Output,
  paramControllerApi,
  riskGateApi,
} from '@aistock/shared';
import { PAPER_ACCOUNT, PAPER_TERMS, paperLimits, type SourceRange, trainUntilMs } from './pipeline-plan.ts';
import type { Progress } from './progress.ts';
import { reconcile } from './reconcile.ts';
import type { PipelineResult } from './result.ts';

export interface Clients {
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly ml: Client<typeof mlServiceApi>;
  readonly params: Client<typeof paramControllerApi>;
  readonly gate: Client<typeof riskGateApi>;
  readonly executor: Client<typeof executorApi>;
  readonly engine: Client<typeof engineApi>;
  readonly auditor: Client<typeof auditorApi>;
}

/** Typed clients of the services that the pipeline asks. */
export function createClients(urlOf: (service: keyof Clients) => string, token: string | undefined): Clients {
  const optionsOf = (service: keyof Clients) => ({ baseUrl: urlOf(service), ...(token ? { token } : {}) });
  return {
    ingester: createClient(dataIngesterApi, optionsOf('ingester')),
    ml: createClient(mlServiceApi, optionsOf('ml')),
    params: createClient(paramControllerApi, optionsOf('params')),
    gate: createClient(riskGateApi, optionsOf('gate')),
    executor: createClient(executorApi, optionsOf('executor')),
    engine: createClient(engineApi, optionsOf('engine')),
    auditor: createClient(auditorApi, optionsOf('auditor')),
  };
}

export interface PipelineOptions {
  readonly strategy: string;
  /** A day such as `2018-12-31`, where the user asked for one. */
  readonly trainUntil: string | undefined;
}

type StreamState = Output<typeof dataIngesterApi.streams>['streams'][number];
type TrainingRun = Output<typeof mlServiceApi.train>['runs'][number];
type Session = Output<typeof engineApi.session>;

const BY = { by: 'start', reason: 'paper session of the start pipeline' } as const;
/** Calls of /ingest_once in a row for one stretch of history; at 1,000 bars a call it is ten million bars. */
const INGEST_CALLS_MAX = 10_000;

/** Ingest, check, train, promote, choose, trade on paper, learn, retrain, verify: once, each step waited for. */
export async function runPipeline(
  clients: Clients,
  options: PipelineOptions,
  progress: Progress,
): Promise<PipelineResult> {
  const { streams } = await clients.ingester.streams();
  if (streams.length === 0) throw new Error('no stream is configured: set EXCHANGE and SYMBOLS, or CSV_DIR');
  const plans = streams.map((stream) => planOf(stream, options.trainUntil));

  for (const plan of plans) await ingest(clients, plan.stream, plan.trainUntilMs, progress);
  await progress.step('training', async (note) => {
    const { runs } = await clients.ml.train({ body: { streams: plans.map((plan) => plan.stream) } });
    note(runs.map(describeRun).join('; '));
    requireTrained(runs);
  });
  for (const plan of plans) await ingest(clients, plan.stream, undefined, progress);
  await checkQuality(clients, streams, progress);

  await openAccount(clients, streams, options.strategy, progress);
  const equityStart = (await clients.executor.account({ query: { account: PAPER_ACCOUNT } })).equity;
  const sessions: Session[] = [];
  for (const plan of plans) sessions.push(...(await trade(clients, plan, options.strategy, progress)));
  const model = await activeModel(clients);
  await progress.step('retraining on the new bars', async (note) => {
    const { runs } = await clients.ml.train({ body: { streams: plans.map((plan) => plan.stream) } });
    note(runs.map(describeRun).join('; '));
    requireTrained(runs);
  });
  return collect(clients, { sessions, equityStart, model }, progress);
}

interface StreamPlan {
  readonly stream: string;
  readonly trainUntilMs: number;
  /** When the last bar of the source has closed. */
  readonly endMs: number;
  readonly barMs: number;
}

function planOf(stream: StreamState, asked: string | undefined): StreamPlan {
  const range: SourceRange | null = stream.source_range;
  if (range === null) throw new Error(`the source of ${stream.stream} has no bars`);
  const barMs = TIMEFRAME_MS[stream.timeframe];
  return {
    stream: stream.stream,
    trainUntilMs: trainUntilMs(stream.stream, range, asked),
    endMs: range.last_open_ms + barMs,
    barMs,
  };
}

async function ingest(
  clients: Clients,
  stream: string,
  untilMs: number | undefined,
  progress: Progress,
): Promise<void> {
  const until = untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString().slice(0, 10)}`;
  await progress.step(`ingesting ${stream}${until}`, async (note) => {
    let accepted = 0;
    for (let call = 0; call < INGEST_CALLS_MAX; call++) {
      const answer = await clients.ingester.ingestOnce({
        body: { streams: [stream], ...(untilMs === undefined ? {} : { until_ms: untilMs }) },
      });
      const result = answer.streams[0];
      if (result === undefined) throw new Error(`data_ingester said nothing about ${stream}`);
      if (result.problem) throw new Error(`${stream}: ${result.problem.code}: ${result.problem.detail}`);
      accepted += result.accepted;
      note(`${accepted} new bars`);
      if (!result.more) return;
    }
    throw new Error(`${stream} still had more bars after ${INGEST_CALLS_MAX} calls`);
  });
}

async function checkQuality(
  clients: Clients,
  streams: readonly StreamState[],
  progress: Progress,
): Promise<void> {
  await progress.step('checking quality', async (note) => {
    for (const { stream } of streams) {
      const quality = await clients.ingester.quality({ params: { id: stream } });
      note(`${stream}: ${quality.verdict}, ${quality.missing_bars} of ${quality.expected_bars} bars missing`);
      if (quality.verdict === 'block') throw new Error(`${stream} is blocked: ${quality.reasons.join('; ')}`);
    }
  });
}

async function openAccount(
  clients: Clients,
  streams: readonly StreamState[],
  strategy: string,
  progress: Progress,
): Promise<void> {
  await progress.step('setting limits, opening the paper account', async (note) => {
    const limits = paperLimits(streams, strategy);
    const version = await setLimits(clients, limits);
    const account = await clients.executor.openPaperAccount({ body: PAPER_TERMS });
    await reconcile(clients.executor);
    note(`limits version ${version}, equity ${account.equity ?? 'unknown'} ${account.currency}`);
  });
}

/** Limits that are in force already are left alone: each setting is a new version on the record. */
async function setLimits(clients: Clients, limits: Limits): Promise<number> {
  const { accounts } = await clients.gate.limits();
  const inForce = accounts.find((account) => account.limits.account === limits.account);
  if (inForce && canonicalJson(inForce.limits) === canonicalJson(limits)) return inForce.version;
  return (await clients.gate.setLimits({ body: { ...BY, limits } })).version;
}

/** Bars of one call of /session: a session goes on where the account stands, so a long stretch is traded in parts. */
const SESSION_BARS = 500;

async function trade(
  clients: Clients,
  plan: StreamPlan,
  strategy: string,
  progress: Progress,
): Promise<Session[]> {
  return progress.step(`trading ${plan.stream} on paper with ${strategy}`, async (note) => {
    const parts: Session[] = [];
    const sum = (key: 'bars' | 'intents' | 'filled' | 'outcomes') =>
      parts.reduce((total, part) => total + part[key], 0);
    for (let toMs = plan.trainUntilMs; toMs < plan.endMs;) {
      toMs = Math.min(plan.endMs, toMs + SESSION_BARS * plan.barMs);
      const body = {
        strategy,
        stream: plan.stream,
        account: PAPER_ACCOUNT,
        from_ms: plan.trainUntilMs,
        to_ms: toMs,
      };
      parts.push(await clients.engine.session({ body }));
      note(
        `${sum('bars')} bars, ${sum('intents')} orders, ${sum('filled')} filled, ${sum('outcomes')} outcomes learned`,
      );
    }
    return parts;
  });
}

async function activeModel(clients: Clients): Promise<PipelineResult['model']> {
  const active = (await clients.ml.activeModels()).active[0];
  if (active === undefined)
    throw new Error('no model is active: the gates kept the first one; GET /models says why');
  const { model } = active;
  return {
    id: model.model_id,
    algorithm: model.algorithm,
    states: model.states,
    promoted: true,
    bic: model.bic,
    holdout_log_likelihood: model.holdout_log_likelihood,
  };
}

interface Traded {
  readonly sessions: readonly Session[];
  readonly equityStart: string | null;
  readonly model: PipelineResult['model'];
}

async function collect(clients: Clients, traded: Traded, progress: Progress): Promise<PipelineResult> {
  return progress.step('verifying the record', async (note) => {
    const { streams } = await clients.ingester.streams();
    const { counts } = await clients.executor.orders({ query: { account: PAPER_ACCOUNT, limit: '1' } });
    const account = await clients.executor.account({ query: { account: PAPER_ACCOUNT } });
    const audit = await clients.auditor.verify();
    note(`${audit.events} events, root ${audit.root.slice(0, 16)}`);
    const files = streams.flatMap((stream) => Object.entries(stream.files));
    const count = (status: string) =>
      files.filter(([name]) => name === status).reduce((sum, [, number]) => sum + number, 0);
    return {
      source: streams[0]?.source ?? '',
      streams: streams.length,
      bars: streams.reduce((sum, stream) => sum + stream.bars, 0),
      files: files.reduce((sum, [, number]) => sum + number, 0),
      files_processed: count('processed'),
      model: traded.model,
      decision: await lastDecision(clients, traded.sessions),
      orders: {
        intents: Object.values(counts).reduce((sum, number) => sum + number, 0),
        filled: counts.FILLED ?? 0,
        denied: counts.DENIED ?? 0,
        unknown: counts.UNKNOWN ?? 0,
      },
      equity: { start: traded.equityStart, end: account.equity },
      audit: { events: audit.events, verified: audit.verified, root: audit.root },
    };
  });
}

/** The parameters chosen last: in this run's session, or where every bar had been traded before, behind the last order. */
async function lastDecision(
  clients: Clients,
  sessions: readonly Session[],
): Promise<PipelineResult['decision']> {
  const chosen = sessions.findLast((session) => session.last_decision !== null)?.last_decision;
  if (chosen) return chosen;
  const { orders } = await clients.executor.orders({ query: { account: PAPER_ACCOUNT, limit: '1' } });
  const configId = orders[0]?.config_id;
  if (configId === undefined) return null;
  const { decision } = await clients.params.decision({ params: { config_id: configId } });
  return { config_id: configId, preset_id: decision.preset_id, propensity: decision.propensity };
}

function describeRun(run: TrainingRun): string {
  if (run.model === null) return `${run.stream}: ${run.status.replaceAll('_', ' ')}`;
  const verdict = run.promoted ? 'promoted' : 'kept the champion';
  return `${run.stream}: ${run.model.states} states on ${run.bars} bars, ${verdict}`;
}

function requireTrained(runs: readonly TrainingRun[]): void {
  for (const run of runs) {
    if (run.status === 'failed' || run.status === 'abandoned') {
      throw new Error(
        `training on ${run.stream} failed: ${run.problem?.code ?? run.status}: ${run.problem?.detail ?? ''}`,
      );
    }
  }
}
