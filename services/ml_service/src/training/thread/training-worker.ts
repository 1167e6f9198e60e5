import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage } from '../../run-in-thread.ts';
import { performTask } from './perform-task.ts';
import type { ThreadProgress, TrainingOutcome, TrainingTask } from './training-task.ts';

const say = (message: ThreadMessage<TrainingOutcome, ThreadProgress>): void =>
  parentPort?.postMessage(message, []);

// An error here ends the thread and reaches the one who started it as its 'error' event.
say({ outcome: await performTask(workerData as TrainingTask, (told) => say({ told })) });
