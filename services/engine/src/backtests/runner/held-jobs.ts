import type { FullRequest } from '../job/run-job.ts';
import { prepareJob, type PreparedJob, type Preparing } from '../prepare-job.ts';

/** Jobs whose bars a process keeps at a time. */
const JOBS_MAX = 2;

/** The jobs that this process has data of, so that what is claimed of the same run again reads nothing. */
export class HeldJobs {
  readonly #preparing: Preparing;
  readonly #jobs = new Map<string, Promise<PreparedJob>>();

  constructor(preparing: Preparing) {
    this.#preparing = preparing;
  }

  async get(runId: string, request: FullRequest, signal: AbortSignal): Promise<PreparedJob> {
    const known = this.#jobs.get(runId);
    if (known) return known;
    const prepared = prepareJob(this.#preparing, request, runId, signal);
    this.#jobs.set(runId, prepared);
    for (const oldest of this.#jobs.keys()) if (this.#jobs.size > JOBS_MAX) this.#jobs.delete(oldest);
    // What failed once may work the next time.
    prepared.catch(() => this.#jobs.delete(runId));
    return prepared;
  }

  drop(runId: string): void {
    this.#jobs.delete(runId);
  }
}
