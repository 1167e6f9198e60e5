import { parentPort, workerData } from 'node:worker_threads';
import type { BuildTask } from './build-task.ts';
import { performBuild } from './perform-build.ts';

// An error here ends the thread and reaches the one who started it as its 'error' event.
parentPort?.postMessage(await performBuild(workerData as BuildTask), []);
