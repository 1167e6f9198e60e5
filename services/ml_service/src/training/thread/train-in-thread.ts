import { runInThread, type ThreadOptions } from '../../run-in-thread.ts';
import type { ThreadProgress, TrainingOutcome, TrainingTask } from './training-task.ts';

const WORKER = new URL('./training-worker.ts', import.meta.url);

/**
 * Does the task in a thread of its own, from reading bars to the verdict, so that the service goes on answering.
 * @throws what the training throws; the signal's reason where it is aborted, after the thread has ended.
 */
export async function trainInThread(
  task: TrainingTask,
  options: ThreadOptions<ThreadProgress>,
): Promise<TrainingOutcome> {
  return runInThread(WORKER, task, options);
}
