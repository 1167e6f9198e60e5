import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage } from '../../run-in-thread.ts';
import type { BuildOutcome, BuildTask } from './build-task.ts';
import { performBuild } from './perform-build.ts';

// An error here ends the thread and reaches the one who started it as its 'error' event.
const outcome = await performBuild(workerData as BuildTask);
const message: ThreadMessage<BuildOutcome, never> = { outcome };
parentPort?.postMessage(message, []);
