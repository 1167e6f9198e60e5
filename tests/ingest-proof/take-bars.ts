import { setTimeout as delay } from 'node:timers/promises';
import { CallError, chanceAt } from '@aistock/shared';
import type { VenueSim } from '@aistock/venue_sim';
import type { Ingester } from './ingester.ts';
import { MARKET, MINUTE_MS, START_MS, STREAM, type ProofTerms } from './proof-terms.ts';

const KILL_LANE = 1_000;
const DELAY_LANE = 1_001;
/** Calls in a row that bring nothing new before it is given up. */
const IDLE_CALLS_MAX = 200;
/** After a call that brought nothing: what the venue asked for may be a second. */
const IDLE_MS = 100;

export interface Taken {
  readonly calls: number;
  readonly killed: number;
  /** How often each problem was told. */
  readonly problems: Readonly<Record<string, number>>;
}

/** Takes chunks until the stream has every bar that has closed, halt by halt, and kills the ingester on the way. */
export class BarTaker {
  readonly #sim: VenueSim;
  readonly #ingester: Ingester;
  readonly #terms: ProofTerms;
  readonly #problems: Record<string, number> = {};
  #calls = 0;
  #killed = 0;
  #callMs = 200;

  constructor(sim: VenueSim, ingester: Ingester, terms: ProofTerms) {
    this.#sim = sim;
    this.#ingester = ingester;
    this.#terms = terms;
  }

  /** @throws Error where the watermark stands still for too long. */
  async takeUntil(nowMs: number): Promise<void> {
    this.#sim.control.setClock({ nowMs });
    let lastMs = await this.#watermark();
    for (let idle = 0; idle < IDLE_CALLS_MAX;) {
      if (this.#isComplete(lastMs, nowMs)) return;
      const watermarkMs = (await this.#call(lastMs)) ?? lastMs;
      idle = watermarkMs === lastMs ? idle + 1 : 0;
      if (idle > 0) await delay(IDLE_MS);
      lastMs = watermarkMs;
    }
    throw new Error(`the watermark stands at ${lastMs}: ${JSON.stringify(this.#problems)}`);
  }

  /** Those kills that no bar was left for. */
  async killRest(): Promise<void> {
    while (this.#killed < this.#terms.kills) await this.#callAndKill();
  }

  taken(): Taken {
    return { calls: this.#calls, killed: this.#killed, problems: this.#problems };
  }

  /** The newest bar that the venue gives at this time is there. */
  #isComplete(watermarkMs: number | null, nowMs: number): boolean {
    const fromMs = (watermarkMs ?? START_MS - 1) + 1;
    return this.#sim.truth.bars(MARKET, { fromMs, atMs: nowMs }).next().done === true;
  }

  async #call(watermarkMs: number | null): Promise<number | null | undefined> {
    this.#calls++;
    if (this.#isTimeToKill(watermarkMs)) return this.#callAndKill();
    const startMs = performance.now();
    const told = await this.#ingest();
    this.#callMs = performance.now() - startMs;
    return told;
  }

  /** The kills are spread at random over the bars. */
  #isTimeToKill(watermarkMs: number | null): boolean {
    const { bars, kills, seed } = this.#terms;
    const done = watermarkMs === null ? 0 : (watermarkMs - START_MS) / MINUTE_MS;
    const due = Array.from(
      { length: kills },
      (_each, index) => chanceAt(seed, KILL_LANE, index) * bars * 0.95,
    );
    return due.filter((target) => target <= done).length > this.#killed;
  }

  /** At a random moment of a call, and now and then right after it. */
  async #callAndKill(): Promise<undefined> {
    const call = this.#ingest();
    await delay(chanceAt(this.#terms.seed, DELAY_LANE, this.#killed) * this.#callMs * 1.1);
    await this.#ingester.kill();
    await call;
    this.#killed++;
    await this.#ingester.start();
  }

  /** The watermark after the call; undefined where it was cut off. */
  async #ingest(): Promise<number | null | undefined> {
    try {
      const { streams } = await this.#ingester.client().ingestOnce({ body: { streams: [STREAM] } });
      const [result] = streams;
      if (result?.problem) this.#note(result.problem.code);
      return result?.watermark_ms;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#note(error.problem?.code ?? 'cut_off');
      return undefined;
    }
  }

  async #watermark(): Promise<number | null> {
    const { streams } = await this.#ingester.client().streams();
    return streams.find(({ stream }) => stream === STREAM)?.watermark_ms ?? null;
  }

  #note(code: string): void {
    this.#problems[code] = (this.#problems[code] ?? 0) + 1;
  }
}
