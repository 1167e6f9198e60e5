import { parentPort, workerData } from 'node:worker_threads';
import { performTask } from './perform-task.ts';
import type { ThreadMessage, TrainingTask } from './training-task.ts';

const say = (message: ThreadMessage): void => parentPort?.postMessage(message, []);

// An error here ends the thread and reaches the one who started it as its 'error' event.
say({ outcome: await performTask(workerData as TrainingTask, (told) => say({ told })) });
