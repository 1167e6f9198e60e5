import type { Logger } from '@aistock/service-kit';
import type { ObserveIngest } from './ingest-metrics.ts';
import { ingestResult, type IngestResult } from './ingest-result.ts';
import { findStart, type FoundStart } from './find-start.ts';
import { ingestEarlier, type EarlierRange, type EarlierResult } from './ingest-earlier.ts';
import { ingestStream, type IngestKeeper } from './ingest-stream.ts';
import type { StreamCatalogue } from './stream-catalogue.ts';
import type { ConfiguredStream } from './stream-spec.ts';
import { WorkSlots } from './work-slots.ts';

/** Each holds a connection of the pool for locks while it downloads. */
export const STREAMS_AT_A_TIME = 8;
const STREAMS_WAITING_MAX = 2_000;
const TROUBLES_TOLD_MAX = 5;

export interface IngestRun {
  /** Names of configured streams; all of them unless told. */
  readonly streams?: readonly string[] | undefined;
  readonly untilMs?: number | undefined;
  /** Once aborted, no further stream is started. */
  readonly signal: AbortSignal;
}

export interface IngesterOptions {
  readonly keeper: IngestKeeper;
  readonly catalogue: StreamCatalogue;
  readonly observe: ObserveIngest;
  readonly logger: Logger;
}

/** Takes the next chunk of streams, a few at a time, however many ask. */
export class Ingester {
  readonly #options: IngesterOptions;
  readonly #slots = new WorkSlots(STREAMS_AT_A_TIME, STREAMS_WAITING_MAX);
  /** The streams whose last run failed, each with the code. */
  readonly #failing = new Map<string, string>();

  constructor(options: IngesterOptions) {
    this.#options = options;
  }

  /**
   * Runs each stream to its end, also where another one fails.
   * @throws ServiceError 404 `stream_unknown`; and what is wrong with our own disk or database, once all are done.
   */
  async run({ streams, untilMs, signal }: IngestRun): Promise<IngestResult[]> {
    const chosen = this.#options.catalogue.choose(streams);
    const outcomes = await Promise.allSettled(chosen.map((stream) => this.next(stream, { untilMs, signal })));
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  /** Takes the next chunk of one stream, once it is its turn. */
  async next(
    stream: ConfiguredStream,
    { untilMs, signal }: Omit<IngestRun, 'streams'>,
  ): Promise<IngestResult> {
    return this.#slots.run(async () => {
      if (signal.aborted) return outOfTime(stream);
      return this.#observed(stream, () => ingestStream(this.#options.keeper, stream, untilMs));
    });
  }

  /** Takes the chunk right before the first bar of one stream, once it is its turn. */
  async earlier(stream: ConfiguredStream, range: EarlierRange): Promise<EarlierResult> {
    return this.#slots.run(async () => {
      const done = { askedMs: range.askedMs };
      const result = await this.#observed(stream, async () => {
        const { result: told, askedMs } = await ingestEarlier(this.#options.keeper, stream, range);
        done.askedMs = askedMs;
        return told;
      });
      return { result, ...done };
    });
  }

  /**
   * Where the source begins to have bars of a stream, at or after a time, Unix ms UTC; that time where it cannot tell,
   * and `Infinity` where it has none from then on.
   */
  async findStart(stream: ConfiguredStream, sinceMs: number): Promise<FoundStart> {
    return this.#slots.run(() => findStart(stream, sinceMs));
  }

  async #observed(stream: ConfiguredStream, work: () => Promise<IngestResult>): Promise<IngestResult> {
    const { observe, logger } = this.#options;
    const startMs = performance.now();
    const result = await work();
    observe(result, performance.now() - startMs);
    report(logger, result);
    if (result.problem) this.#failing.set(stream.stream, result.problem.code);
    else this.#failing.delete(stream.stream);
    return result;
  }

  /** What went wrong at the last run of each stream; undefined where nothing did. */
  troubles(): string | undefined {
    const told = [...this.#failing].slice(0, TROUBLES_TOLD_MAX).map(([stream, code]) => `${stream} ${code}`);
    return told.length === 0 ? undefined : `${this.#failing.size} streams failed: ${told.join(', ')}`;
  }
}

function outOfTime({ stream }: ConfiguredStream): IngestResult {
  const detail = 'the call ended before this stream was started; call again';
  return ingestResult(stream, 'failed', { problem: { code: 'out_of_time', detail } });
}

function report(logger: Logger, result: IngestResult): void {
  const { stream, status, accepted, rejected, gaps, file, problem, revision_problem: refused } = result;
  const fields = { stream, accepted, rejected, gaps: gaps.length, file_id: file?.file_id, problem };
  if (status === 'ingested') logger.info('chunk registered', fields);
  if (status === 'quarantined') logger.error('chunk quarantined', fields);
  if (status === 'failed') logger.warn('stream not ingested', fields);
  if (refused) logger.warn('revision not kept', { stream, problem: refused });
}
