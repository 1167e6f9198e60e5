import type { Db } from '@aistock/database';
import type { Clock, Logger } from '@aistock/service-kit';
import { schedule, type ScheduledTask } from 'node-cron';
import { daysBefore, isSameDay, lastDayEnd } from './shadow-days.ts';
import { putUpDays } from './store/shadow-store.ts';

interface Terms {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In UTC; or `off`. */
  readonly cron: string;
  /** Days back that are caught up with where they were missed. */
  readonly catchUpDays: number;
  /** There may be days to work on. */
  readonly wake: () => void;
}

/** Puts up the days that are over, each night, and at the start those that were missed while nobody was there. */
export class ShadowSchedule {
  readonly #terms: Terms;
  #task: ScheduledTask | undefined;
  #putting: Promise<void> = Promise.resolve();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  start(): void {
    const { cron, clock } = this.#terms;
    if (cron === 'off') return;
    const task = schedule(cron, () => this.#putUp(), { name: 'shadow', noOverlap: true, timezone: 'UTC' });
    task.on('execution:missed', () => this.#putUp());
    this.#task = task;
    // The night's run may be asked for late so that restated bars are there; the day that it is for waits for it.
    const nowMs = clock.nowMs();
    const nextMs = task.getNextRun()?.getTime() ?? Infinity;
    this.#putting = this.#putUp(isSameDay(nextMs, nowMs) ? 1 : 0);
  }

  get nextMs(): number | null {
    return this.#task?.getNextRun()?.getTime() ?? null;
  }

  async stop(): Promise<void> {
    await this.#task?.destroy();
    await this.#putting;
  }

  /** @param waiting days that are over and are not put up yet. */
  async #putUp(waiting = 0): Promise<void> {
    const { db, clock, logger, catchUpDays, wake } = this.#terms;
    try {
      const endMs = lastDayEnd(clock.nowMs());
      const [fromMs, toMs] = [daysBefore(endMs, catchUpDays), daysBefore(endMs, waiting)];
      const days = await putUpDays(db, { fromMs, toMs });
      if (days > 0) logger.info('days are run again', { days });
      wake();
    } catch (error) {
      logger.error('days to run again could not be looked for', { error });
    }
  }
}
