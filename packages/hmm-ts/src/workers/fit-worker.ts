import { parentPort, workerData } from 'node:worker_threads';
import { HmmError } from '../hmm-error.ts';
import type { EmRun } from '../training/em.ts';
import type { FitProgress } from '../training/fit-options.ts';
import { finish, screen, watchOf } from '../training/search.ts';
import { createWorkspace } from '../workspace.ts';
import type { Answer, Task, WorkerJob } from './protocol.ts';

const { plan, rows, reportsProgress } = workerData as WorkerJob;
const workspace = createWorkspace(rows, plan.size, plan.em.arithmetic);

function answer(message: Answer): void {
  parentPort?.postMessage(message, []);
}

const watcher = reportsProgress
  ? { onProgress: (progress: FitProgress) => answer({ kind: 'progress', progress }) }
  : {};

function runOf(task: Task): EmRun {
  const watch = watchOf(watcher, rows, task);
  if (task.phase === 'final') return finish(plan, workspace, task.run, watch);
  return screen(plan, { ...rows, workspace }, task.attempt, watch);
}

// What is not the library's own refusal ends the thread, and reaches who started it as its 'error' event.
parentPort?.on('message', (task: Task) => {
  try {
    answer({ kind: 'done', run: runOf(task) });
  } catch (error) {
    if (!(error instanceof HmmError)) throw error;
    answer({ kind: 'refused', code: error.code, message: error.message });
  }
});
