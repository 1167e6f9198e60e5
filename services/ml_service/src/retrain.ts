import type { Logger } from '@aistock/service-kit';
import type { Client, mlServiceApi } from '@aistock/shared';

/** Nothing broke: the stream waits until its bars are fit for training, or are enough, and its model stays as it is. */
const UNTRAINABLE: ReadonlySet<string> = new Set(['stream_blocked', 'quality_unknown', 'not_enough_bars']);

/** Asks for a training of all streams with new files, and logs what came of each. Never throws: the next turn comes. */
export async function retrain(ml: Pick<Client<typeof mlServiceApi>, 'train'>, logger: Logger): Promise<void> {
  try {
    const { runs } = await ml.train({ query: { wait: 'true' } });
    if (runs.length === 0) logger.info('no stream has new files');
    for (const run of runs) {
      const fields = {
        run_id: run.run_id,
        stream: run.stream,
        status: run.status,
        model_id: run.model?.model_id ?? null,
        promoted: run.promoted,
        problem: run.problem,
      };
      if (run.problem && UNTRAINABLE.has(run.problem.code)) logger.warn('a stream was skipped', fields);
      else if (run.problem) logger.error('a stream could not be trained', fields);
      else logger.info('retrained', fields);
    }
  } catch (error) {
    logger.error('retraining failed', { error });
  }
}
