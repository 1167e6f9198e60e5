import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadMessage } from '../../run-in-thread.ts';
import { renderReport, type Rendered, type RenderTask } from './render-task.ts';

// An error here ends the thread and reaches the one who started it as its 'error' event.
const outcome = await renderReport(workerData as RenderTask);
const message: ThreadMessage<Rendered, never> = { outcome };
parentPort?.postMessage(message, []);
