import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage } from '../../run-in-thread.ts';
import { computePeriods } from './compute-periods.ts';
import type { ComputedPeriod, ComputeTask } from './compute-task.ts';

const say = (message: ThreadMessage<'done', ComputedPeriod>): void => parentPort?.postMessage(message, []);

// An error here ends the thread and reaches the one who started it as its 'error' event.
await computePeriods(workerData as ComputeTask, (told) => say({ told }));
say({ outcome: 'done' });
