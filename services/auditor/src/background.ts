import type { Db } from '@aistock/database';
import type { Logger, Metrics, StopHook } from '@aistock/service-kit';
import type { Auditor } from './auditor.ts';
import type { AuditorConfig } from './config.ts';
import { countWaiting } from './entry-store.ts';
import { repeat } from './repeat.ts';

export interface BackgroundParts {
  readonly auditor: Auditor;
  readonly db: Db;
  readonly config: AuditorConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Drains and verifies by the clock, so that the record grows and is watched without anybody asking. */
export function startBackground({ auditor, db, config, logger, metrics }: BackgroundParts): StopHook[] {
  const waiting = metrics.gauge({
    name: 'audit_waiting_events',
    help: 'Events that wait to be put on the record.',
  });
  const entries = metrics.gauge({
    name: 'audit_entries',
    help: 'Entries of the record at its last verification.',
  });
  const verified = metrics.gauge({
    name: 'audit_verified',
    help: '1 while nothing is known to be wrong with the record, 0 while something is.',
  });
  const failures = metrics.counter({
    name: 'audit_failures_total',
    help: 'Drains and verifications that did not end.',
    labels: ['work'],
  });
  let lastProblem = '';
  const attempt = async (work: 'drain' | 'verify', run: () => Promise<void>): Promise<void> => {
    try {
      await run();
      lastProblem = '';
    } catch (error) {
      failures.inc({ work });
      const problem = String(error);
      if (problem !== lastProblem) logger.error(`could not ${work}`, { error });
      lastProblem = problem; // the same problem once, not every second
    }
  };

  const drain = async (): Promise<void> => {
    // Whoever asked for the last verification, and whether or not this drain comes to an end.
    verified.set(auditor.finding() === undefined ? 1 : 0);
    await auditor.drain();
    waiting.set(await countWaiting(db));
  };
  const verify = async (): Promise<void> => {
    const result = await auditor.verify();
    entries.set(result.events);
    if (!result.verified) logger.error('the record does not verify', { first_bad: result.first_bad });
  };
  const drains = repeat(config.DRAIN_INTERVAL_MS, () => attempt('drain', drain));
  const verifications = repeat(config.VERIFY_INTERVAL_MS, () => attempt('verify', verify));
  return [
    { name: 'drains', run: drains.stop },
    { name: 'verifications', run: verifications.stop },
  ];
}
